using Vellarys.Accounts;

namespace Vellarys.Flows.Survey;

/// <summary>A tenant's rules for surveys, as the flow needs them.</summary>
/// <param name="ExpireAfter">How long an answer is waited for, and then its reason.</param>
/// <param name="Template">Asks outside the 24-hour window; null: nobody is asked there.</param>
internal sealed record SurveyPolicy(
    SurveyKind Kind, TimeSpan ExpireAfter, string? Template = null, string TemplateLanguage = "pt_BR")
{
    private const int LongestHours = 24 * 30;

    public static SurveyPolicy Of(SurveySettings settings) => new(
        settings.Kind switch
        {
            "nps" => SurveyKind.Nps,
            "csat" => SurveyKind.Csat,
            _ => SurveyKind.Off,
        },
        TimeSpan.FromHours(Math.Clamp(settings.ExpireHours, 1, LongestHours)),
        string.IsNullOrWhiteSpace(settings.Template) ? null : settings.Template, settings.TemplateLanguage);
}
