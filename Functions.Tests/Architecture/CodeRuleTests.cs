using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>Rules of the house that the compiler does not know.</summary>
public sealed partial class CodeRuleTests
{
    // Where everything may be caught, and why.
    private static readonly Dictionary<string, string> CatchesAll = new()
    {
        ["Engine/Api/ProblemResponses.cs"] = "the HTTP boundary: a bug becomes a 500 without internals",
        ["Engine/Storage/Batcher.cs"] = "every waiting caller must hear of the failure, whatever it is",
        ["Engine/Messaging/Broker/RelayLeftovers.cs"] = "gauges that are not read undo no relay",
        ["Engine/Messaging/Broker/RelayOutbox.cs"] = "what follows a commit must not undo its caller",
        ["Engine/Messaging/Broker/HandleReceived.cs"] = "the handler's boundary, for what a broker handed out",
        ["Engine/Messaging/DeadLetterHooks.cs"] = "a message that is given up is kept whatever follows from it",
        ["Engine/Messaging/Postgres/Consuming/HandlerInvoker.cs"] =
            "the handler's boundary: what it throws is the message's failure",
        ["Engine/Messaging/Postgres/Consuming/Housekeeping.cs"] = "a chore that failed has its next turn",
        ["Engine/Messaging/Postgres/Consuming/QueueConsumer.cs"] = "the loop of a consumer outlives every failure",
        ["Engine/Messaging/Postgres/Consuming/QueueListener.cs"] =
            "the listening session is opened again, whatever ended it",
        ["Engine/Storage/Directories/DirectoryListener.cs"] =
            "the listening session is opened again, whatever ended it",
        ["Engine/Health/CheckHealth.cs"] = "the report comes whatever a probe does",
        ["Engine/Jobs/RunJob.cs"] = "the job's boundary: a failing job ends no loop, here or in a host",
    };

    [Fact]
    public void CatchAll_AnyFile_IsOnTheListWithItsReason() => Assert.Equal(
        CatchesAll.Keys.Order(StringComparer.Ordinal),
        Sources.CSharp("Engine", "Standalone")
            .Where(f => CatchAll().IsMatch(Sources.WithoutComments(f.Text)))
            .Select(f => f.Path)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Sql_Text_IsNeverInterpolated() => Assert.DoesNotContain(
        Sources.CSharp("Engine", "Standalone"),
        f => InterpolatedSql().IsMatch(Sources.WithoutComments(f.Text)));

    [Fact]
    public void Migrations_Numbers_HaveNoGap()
    {
        string[] names =
        [
            .. Sources.All.Select(f => f.Path).Where(p => p.StartsWith(Migrations, StringComparison.Ordinal))
                .Select(p => p[Migrations.Length..]).Order(StringComparer.Ordinal),
        ];
        Assert.All(names, name => Assert.Matches(@"^\d{4}-[a-z0-9-]+\.sql$", name));
        Assert.Equal(Enumerable.Range(1, names.Length), names.Select(n => int.Parse(n[..4], null)));
    }

    [Fact]
    public void TrackedFiles_Text_HoldsNoPathOfAMachine() => Rule.Holds(
        from file in Sources.All
        from line in file.Lines.Select((text, index) => (text, Number: index + 1))
        where MachinePath().IsMatch(line.text)
        select $"{file}:{line.Number}: {line.text.Trim()}");

    private const string Migrations = "Engine/Storage/Migrations/";

    [GeneratedRegex(@"catch\s*(\{|\r?\n|\(\s*(System\.)?Exception\b[^)]*\)(?!\s*when))")]
    private static partial Regex CatchAll();

    [GeneratedRegex(
        @"\$+""+\s*(select|insert into|update|delete from|with|call|merge)\s[^""]*\{", RegexOptions.IgnoreCase)]
    private static partial Regex InterpolatedSql();

    [GeneratedRegex(@"(?<![\w.$}])/(home|Users|root|work)/[a-z]|/tmp/[a-z]+/|[A-Z]:\\Users")]
    private static partial Regex MachinePath();
}
