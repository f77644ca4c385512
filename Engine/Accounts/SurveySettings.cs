namespace Vellarys.Accounts;

/// <summary>Whether and how customers are asked what they thought of a conversation, once it is closed.</summary>
public sealed record SurveySettings
{
    /// <summary>
    /// <c>off</c> (default), <c>nps</c> (0 to 10) or <c>csat</c> (1 to 5). Read by SQL as <c>{survey,kind}</c>.
    /// </summary>
    public string Kind { get; set; } = "off";

    /// <summary>
    /// From closing to asking, in minutes. Default 5. Read by SQL as <c>{survey,delayMinutes}</c>.
    /// </summary>
    public int DelayMinutes { get; set; } = 5;

    /// <summary>How long an answer is waited for, in hours. Default 48.</summary>
    public int ExpireHours { get; set; } = 48;

    /// <summary>
    /// The approved template to ask with once the 24-hour window is over; null (default): then nobody is asked.
    /// </summary>
    public string? Template { get; set; }

    /// <summary>The language that <see cref="Template"/> is approved in. Default pt_BR.</summary>
    public string TemplateLanguage { get; set; } = "pt_BR";
}
