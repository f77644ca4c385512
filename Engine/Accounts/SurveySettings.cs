namespace Vellarys.Accounts;

/// <summary>How satisfied customers are asked to say they were, once a conversation is closed.</summary>
public sealed record SurveySettings
{
    /// <summary>
    /// <c>nps</c> (0 to 10), <c>csat</c> (1 to 5) or <c>off</c>. Default <c>off</c>.
    /// </summary>
    public string Kind { get; set; } = "off";

    /// <summary>How long after the closing the question is asked, in minutes. Default 5.</summary>
    public int DelayMinutes { get; set; } = 5;

    /// <summary>How long an answer is waited for, in hours. Default 48.</summary>
    public int ExpireHours { get; set; } = 48;

    /// <summary>
    /// An approved template without parameters that asks the question outside the 24-hour window. Default none: outside
    /// the window nobody is asked.
    /// </summary>
    public string? Template { get; set; }

    /// <summary>The language that <see cref="Template"/> was approved in. Default <c>pt_BR</c>.</summary>
    public string TemplateLanguage { get; set; } = "pt_BR";
}
