using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// Each table has one owner, a folder of the engine. Others call the owner's functions and read its views
/// (0017-walls.sql), or its use cases; where a statement touches another folder's table all the same, the reason is
/// here.
/// </summary>
public sealed partial class SqlArrowTests
{
    private const int Most = 25;

    private static readonly Dictionary<string, string[]> Owned = new()
    {
        ["Accounts"] =
        [
            "tenants", "agents", "teams", "team_members", "notifications", "users", "memberships", "profiles",
            "sessions", "refresh_tokens", "recovery_codes", "signing_keys", "sign_in_attempts", "setup_links",
            "api_keys", "support_grants", "account_events", "prompt_versions", "plans", "licences",
            "user_identities", "oidc_states", "plan_usage", "platform_events",
        ],
        ["Api"] = ["idempotency_keys"],
        ["Channels"] = ["channels", "message_templates", "media"],
        ["Conversations"] =
        [
            "contacts", "identities", "identity_merge_suggestions", "leads", "conversations", "messages",
            "early_changes", "quick_replies", "deliveries", "turns", "receipts", "custody_cases", "custody_watermarks",
        ],
        ["Flows"] =
            ["flows", "flow_events", "handoff_requests", "survey_answers", "campaigns", "campaign_recipients",
            "scheduled_messages"],
        ["Intake"] = ["unrouted_events"],
        ["Jobs"] = ["job_runs"],
        ["Knowledge"] = ["knowledge_documents", "knowledge_chunks"],
        ["Messaging"] = ["queue_messages", "queue_dead_letters", "queue_consumers", "queue_totals"],
        ["Storage"] = ["schema_migrations"],
        ["Webhooks"] = ["webhook_endpoints", "webhook_events", "webhook_deliveries"],
    };

    // File and table, and why the statement does not go through the owner.
    private static readonly Dictionary<string, string> Crossings = new()
    {
        ["Engine/Conversations/Recording/record-messages.sql queue_messages"] = "hot: born leased, for a whole set",
        ["Engine/Conversations/Recording/record-messages.sql flows"] = "hot: one look into an index for a whole set",
        ["Engine/Conversations/Answering/answer-commit.sql queue_messages"] = "hot: born leased, for a whole set",
        ["Engine/Conversations/Answering/answer-heads.sql flows"] =
            "hot: which flow takes the turn, in the one batch that loads",
        ["Engine/Conversations/Answering/intercept-reply.sql flows"] =
            "locks the flow before the conversation, as an advance does",
        ["Engine/Conversations/Inbox/read-conversation.sql channels"] = "the kind of the channel decides on the window",
        ["Engine/Conversations/Ownership/reply-as-staff.sql channels"] =
            "the kind of the channel decides on the window",
        ["Engine/Conversations/Ledger/find-message.sql channels"] = "the key of receipts begins with the channel",
        ["Engine/Channels/Stops/list-channels.sql deliveries"] =
            "how much waits for each channel, counted in its index",
        ["Engine/Api/Sandbox/ListSandboxChannels.cs channels"] = "which channels a tenant has of the page's own kind",
        ["Engine/Intake/Unrouted/ListProviderEvents.cs receipts"] = "what was kept and is of no conversation",
        ["Engine/Intake/Unrouted/make-room.sql channels"] = "what has its channel by now makes no room",
        ["Engine/Intake/Unrouted/route-unrouted.sql channels"] =
            "which channel takes an event, in the statement that locks it",
        ["Engine/Flows/Reengagement/scan-reengagement.sql leads"] = "the scan locks and marks the leads it takes",
        ["Engine/Flows/Reengagement/scan-reengagement.sql contacts"] = "the scan is one plan over three indexes",
        ["Engine/Flows/Reengagement/scan-reengagement.sql conversations"] = "the scan is one plan over three indexes",
        ["Engine/Flows/Survey/start-survey.sql channels"] = "what the survey's policy wants to know, in one statement",
        ["Engine/Flows/Watch/flow-findings.sql custody_cases"] = "the watch is over flows and turns, in one list",
        ["Engine/Flows/Handoff/Agents/transfer-handoff.sql conversations"] = "locks the conversation that is passed on",
        ["Engine/Flows/Handoff/Agents/transfer-handoff.sql teams"] = "whether there is such a team",
        ["Engine/Flows/Handoff/Dispatch/dispatch-requests.sql teams"] = "a team that is gone is anybody",
        ["Engine/Flows/Handoff/notify-agents.sql messages"] = "the last lines of the conversation, by its index",
        ["Engine/Flows/Handoff/notify-agents.sql notifications"] = "a handoff writes down what it is about",
        ["Engine/Flows/Handoff/Agents/tell-agents.sql notifications"] = "a handoff's own notifications, carried out",
        ["Engine/Flows/Handoff/Agents/TellAgents.cs notifications"] = "a handoff's own notifications, carried out",
    };

    [Fact]
    public void Sql_AnotherFoldersTable_IsOnTheListWithItsReason() => Rule.Holds(
        Arrows().Except(Crossings.Keys).Select(arrow => arrow + ": another folder's table"));

    [Fact]
    public void Crossings_EachEntry_IsNeeded() => Rule.Holds(
        Crossings.Keys.Except(Arrows()).Select(arrow => arrow + ": nothing crosses there any more"));

    [Fact]
    public void Crossings_Number_IsNotMoreThanAgreed() => Assert.InRange(Crossings.Count, 0, Most);

    [Fact]
    public void Tables_Each_HasOneOwner()
    {
        string schema = Sources.All.Single(f => f.Path == "Engine/Storage/schema.sql").Text;
        Assert.Equal(
            Table().Matches(schema).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal),
            Owned.Values.SelectMany(tables => tables).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("select 1 from flows f", "flows")]
    [InlineData("delete from teams t using agents a", "agents teams")]
    [InlineData("update only leads l set score = 1", "leads")]
    [InlineData("select 1 from own o, turns t where t.a = o.a", "turns")]
    [InlineData("select 1 -- from flows\nfrom teams", "teams")]
    public void Tables_OfAStatement_AreSeen(string sql, string tables) =>
        Assert.Equal(tables, string.Join(' ', TablesIn(sql).Order(StringComparer.Ordinal)));

    private static HashSet<string> Arrows() =>
    [
        .. from file in Sources.All
           where file.Top == "Engine" && !file.Path.StartsWith("Engine/Storage/Migrations/", StringComparison.Ordinal)
               && file.Path != "Engine/Storage/schema.sql"
           from table in TablesIn(SqlIn(file))
           where !Owned.GetValueOrDefault(file.Slice, []).Contains(table)
           select $"{file.Path} {table}",
    ];

    private static string SqlIn(SourceFile file) => Path.GetExtension(file.Path) switch
    {
        ".sql" => file.Text,
        ".cs" => string.Join('\n', Literal().Matches(Joint().Replace(file.Text, "")).Select(m => m.Value)),
        _ => "",
    };

    private static IEnumerable<string> TablesIn(string sql)
    {
        HashSet<string> tables = [.. Owned.Values.SelectMany(owned => owned)];
        return Named().Matches(SqlComment().Replace(sql, "")).Select(m => m.Groups[1].Value).Where(tables.Contains)
            .Distinct();
    }

    // Literals that are added up are one.
    [GeneratedRegex("""(?<!")"(?!")\s*\+\s*(?<!")"(?!")""")]
    private static partial Regex Joint();

    [GeneratedRegex(""""
        """[\s\S]*?"""|"(?:select|insert|update|delete|with)\b[^"\n]*"
        """", RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Literal();

    [GeneratedRegex(@"--[^\n]*")]
    private static partial Regex SqlComment();

    [GeneratedRegex(
        @"(?:\b(?:from|join|update|into|using)\s+(?:only\s+)?|,\s+(?=[a-z_]+\s+(?:as\s+)?[a-z]{1,2}\b))([a-z_]+)\b")]
    private static partial Regex Named();

    [GeneratedRegex(@"^CREATE TABLE public\.(\w+) \((?!.*PARTITION OF)", RegexOptions.Multiline)]
    private static partial Regex Table();
}
