using System.Text.RegularExpressions;

namespace Vellarys.Accounts.Settings;

/// <summary>Every setting of a tenant with its description and its range. A test holds it against the record.</summary>
internal static partial class SettingsCatalogue
{
    private const int Hour = 3_600;
    private const int Day = 24 * 60;

    private static readonly string[] Reasons =
        [
            "customer_asked", "hot_lead", "complaint", "assistant_unsure", "attempts_exhausted", "guard", "loop",
            "plan_limit",
        ];

    public static IReadOnlyDictionary<string, SettingNote> All { get; } = new SettingNote[]
    {
        new("prompt", "What the assistant is told about the company; empty for a general one. Each change makes a "
            + "version.", Max: 20_000),
        new("quietMs", "How long a burst must be quiet before it is answered; 0 answers at once.", "ms", 0, 60_000),
        new("burstCapMs", "The longest that a burst can put off its answer.", "ms", 0, 300_000),
        new("messagesPerMinute", "Messages of a customer that are answered in a minute; 0 is no limit.", null, 0,
            1_000),
        new("botAttempts", "Answers that did not help in a row before a person is called.", null, 1, 20),
        new("unknownSendWaitMs", "How long a send without an answer waits for its status before it is sent once more.",
            "ms", 1_000, 3_600_000),
        new("phoneQuietMinutes", "After a line typed on the company's phone the bot is silent for so long; 0 until it "
            + "is given the conversation back.", "min", 0, 7 * Day),
        new("showsTyping", "Whether customers see a read mark and a typing indicator while an answer is written."),
        new("hours", "When people are there to answer, in the tenant's time zone; null: always."),
        new("hours.days", "Intervals such as 08:00-12:00 by day, mon to sun; a day that is absent is closed."),
        new("hours.holidays", "Dates such as 2026-12-25 on which nothing begins.", Max: 1_000),
        new("handoff", "Calling a person."),
        new("handoff.offerSeconds", "How long somebody has to accept before the next is asked.", "s", 5, Hour),
        new("handoff.maxOffers", "People asked, one after the other, before a supervisor is.", null, 1, 100),
        new("handoff.retrySeconds", "How often a handoff that found nobody looks again.", "s", 5, Hour),
        new("handoff.firstResponseMinutes", "From the wish for a person to that person's first answer, working time.",
            "min", 1, 7 * Day),
        new("handoff.resolutionMinutes", "From the wish for a person to the end, working time.", "min", 1, 90 * Day),
        new("handoff.warnAtPercent", "How much of either has passed when the supervisors are warned.", "%", 1, 100),
        new("handoff.maxHoursInQueue", "The longest that a handoff looks for somebody, working time.", "h", 1, 720),
        new("handoff.routes", "Who is asked first, by the reason of the handoff; everybody where it is empty.",
            Max: 50),
        new("handoff.routes[].reason", "The reason that the route is for.", Choices: Reasons),
        new("handoff.routes[].teamId", "Only this team's members; null for everybody."),
        new("handoff.routes[].skill", "Only who has this skill; null for everybody.", Max: 100),
        new("reengagement", "Writing to customers who went silent."),
        new("reengagement.enabled", "Whether anybody is written to unasked."),
        new("reengagement.stages", "What is said when, in order.", Max: 10),
        new("reengagement.stages[].afterMinutes", "Since the customer's last message; from a day on only a template "
            + "can be sent.", "min", 1, 90 * Day),
        new("reengagement.stages[].template", "The approved template; null for free text.", Max: 512,
            Pattern: Template()),
        new("reengagement.stages[].text", "What is said, or what the history shows for a template; null for a built-in "
            + "text.", Max: 1_024),
        new("reengagement.maxPerMonth", "Follow-ups that a customer gets in 30 days at most.", null, 0, 30),
        new("reengagement.quietFrom", "From when on nothing is sent, in the tenant's time zone.", Pattern: Clock()),
        new("reengagement.quietUntil", "When what waited is sent.", Pattern: Clock()),
        new("reengagement.templateLanguage", "The language that the templates are approved in.", Pattern: Language()),
        new("campaigns", "Writing to many at once."),
        new("campaigns.quietFrom", "From when on nothing of a campaign is sent, in the tenant's time zone; the same as "
            + "quietUntil: always.", Pattern: Clock()),
        new("campaigns.quietUntil", "When what waited is sent.", Pattern: Clock()),
        new("campaigns.consentField", "The field of a contact's metadata that must be true; null: who has not opted "
            + "out is written to.", Max: 100),
        new("campaigns.firstStage", "How many get the message before it is looked whether they arrive; 0: all at "
            + "once.", null, 0, 10_000),
        new("campaigns.stageSeconds", "How long statuses of the first stage are waited for.", "s", 0, 3_600),
        new("campaigns.maxFailurePercent", "How much of what was sent may fail before a campaign stops itself.", "%",
            0, 100),
        new("campaigns.template", "The template of a campaign that names none.", Max: 512, Pattern: Template()),
        new("campaigns.templateLanguage", "The language that it is approved in.", Pattern: Language()),
        new("campaigns.currency", "The currency of the prices.", Max: 3),
        new("campaigns.marketingPer10000", "What 10,000 messages of a marketing template cost; null: not known.", null,
            0, 1_000_000),
        new("campaigns.utilityPer10000", "The same for a utility template.", null, 0, 1_000_000),
        new("campaigns.authenticationPer10000", "The same for an authentication template.", null, 0, 1_000_000),
        new("survey", "Asking customers afterwards."),
        new("survey.kind", "off, nps (0 to 10) or csat (1 to 5).", Choices: ["off", "nps", "csat"]),
        new("survey.delayMinutes", "From closing to asking.", "min", 0, 7 * Day),
        new("survey.expireHours", "How long an answer is waited for.", "h", 1, 720),
        new("survey.template", "The approved template to ask with once the 24-hour window is over; null: then nobody "
            + "is asked.", Max: 512, Pattern: Template()),
        new("survey.templateLanguage", "The language that the template is approved in.", Pattern: Language()),
    }.ToDictionary(note => note.Path);

    [GeneratedRegex("^([01][0-9]|2[0-3]):[0-5][0-9]$", RegexOptions.NonBacktracking)]
    private static partial Regex Clock();

    [GeneratedRegex("^[a-z]{2,3}(_[A-Z]{2})?$", RegexOptions.NonBacktracking)]
    private static partial Regex Language();

    [GeneratedRegex("^[a-z0-9_]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Template();
}
