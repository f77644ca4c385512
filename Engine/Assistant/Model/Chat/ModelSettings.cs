using System.Globalization;

namespace Vellarys.Assistant.Model.Chat;

/// <summary>How a model is told to answer. Not every model takes every setting; null is not sent.</summary>
/// <param name="LimitName">
/// Models that think take <c>max_completion_tokens</c> only; older versions of Azure's API, older deployments and
/// servers that imitate the API know only <c>max_tokens</c>.
/// </param>
internal sealed record ModelSettings(int? MaxTokens, double? Temperature, string LimitName = ModelSettings.NewLimitName)
{
    private const string NewLimitName = "max_completion_tokens";
    private const string OldLimitName = "max_tokens";
    private const string TemperatureName = "temperature";

    public static ModelSettings Of(AssistantOptions options) =>
        new(options.MaxReplyTokens == 0 ? null : options.MaxReplyTokens, options.Temperature);

    /// <summary>Properties of a request, each with a comma after it.</summary>
    public string Json =>
        (MaxTokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"\"{LimitName}\":{tokens},") : "")
        + (Temperature is { } t ? string.Create(CultureInfo.InvariantCulture, $"\"{TemperatureName}\":{t},") : "");

    /// <summary>Without what a refusal names, or by its older name; null where it names none of them.</summary>
    public ModelSettings? Without(string refusal)
    {
        if (Temperature is not null && refusal.Contains(TemperatureName, StringComparison.Ordinal))
            return this with { Temperature = null };
        if (MaxTokens is null || !refusal.Contains(LimitName, StringComparison.Ordinal)) return null;
        return LimitName == NewLimitName ? this with { LimitName = OldLimitName } : this with { MaxTokens = null };
    }
}
