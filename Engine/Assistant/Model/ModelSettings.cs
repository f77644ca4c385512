using System.Globalization;

namespace Vellarys.Assistant.Model;

/// <summary>How a model is told to answer. Not every model takes every setting; null is not sent.</summary>
internal sealed record ModelSettings(int? MaxTokens, double? Temperature)
{
    private const string MaxTokensName = "max_completion_tokens";
    private const string TemperatureName = "temperature";

    public static ModelSettings Of(AssistantOptions options) =>
        new(options.MaxReplyTokens == 0 ? null : options.MaxReplyTokens, options.Temperature);

    /// <summary>Properties of a request, each with a comma after it.</summary>
    public string Json =>
        (MaxTokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"\"{MaxTokensName}\":{tokens},") : "")
        + (Temperature is { } t ? string.Create(CultureInfo.InvariantCulture, $"\"{TemperatureName}\":{t},") : "");

    /// <summary>Without what a refusal names; null where it names none of them.</summary>
    public ModelSettings? Without(string refusal)
    {
        if (Temperature is not null && refusal.Contains(TemperatureName, StringComparison.Ordinal))
            return this with { Temperature = null };
        return MaxTokens is not null && refusal.Contains(MaxTokensName, StringComparison.Ordinal)
            ? this with { MaxTokens = null }
            : null;
    }
}
