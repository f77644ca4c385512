using System.Text.RegularExpressions;
using Vellarys.Storage.Schema;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>
/// The product runs while a migration does, and a table holds what a large installation wrote in a year: nothing that
/// reads all of it may hold a lock that the product's own statements wait for.
/// </summary>
public sealed partial class MigrationLockTests
{
    /// <summary>Those before have landed on empty tables.</summary>
    private const int Since = 10;

    private static readonly IReadOnlyList<Migration> Later =
        [.. Migration.Embedded(typeof(Migrator).Assembly).Where(m => m.Version >= Since)];

    // The queue is short by nature, and so is a list of staff.
    private static readonly string[] Short = ["queue_messages", "agents"];

    [Fact]
    public void IndexOfATableThatExists_IsBuiltBesideRunningWork() => Assert.Empty(
        from migration in Later
        let created = CreatedTable().Matches(migration.Sql).Select(m => m.Groups[1].Value).Concat(Short).ToHashSet()
        from index in PlainIndex().Matches(migration.Sql)
        where !created.Contains(index.Groups[2].Value)
        select $"{migration.Name}: {index.Groups[1].Value}");

    [Fact]
    public void RowsThatExist_AreNotRewrittenUnderTheLockOfAnAlter() => Assert.Empty(
        from migration in Later
        where migration.InTransaction && AlteredTable().IsMatch(migration.Sql)
        from rewrite in Rewrite().Matches(migration.Sql)
        select $"{migration.Name}: {rewrite.Value}");

    [Fact]
    public void AlterOutsideATransaction_GivesUpRatherThanQueueTheProductBehindIt() => Assert.Empty(
        from migration in Later
        where !migration.InTransaction
        let timeouts = new Timeouts()
        from statement in migration.Statements
        where !timeouts.Holds(statement)
        select $"{migration.Name}: {statement}");

    // A concurrent build waits for all transactions of its time, and must not give up for that.
    private sealed class Timeouts
    {
        private bool _isSet;

        public bool Holds(string statement)
        {
            string words = Comment().Replace(statement, "").TrimStart();
            if (words.StartsWith("set lock_timeout", StringComparison.Ordinal)) _isSet = true;
            if (words.StartsWith("reset lock_timeout", StringComparison.Ordinal)) _isSet = false;
            return words.StartsWith("alter table", StringComparison.Ordinal) ? _isSet
                : !words.Contains("index concurrently", StringComparison.Ordinal) || !_isSet;
        }
    }

    [GeneratedRegex(@"^create table (\w+)", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex CreatedTable();

    [GeneratedRegex(
        @"^create (?:unique )?index (\w+)(?:\s+on) (\w+)", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex PlainIndex();

    [GeneratedRegex("^alter table", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex AlteredTable();

    // Bodies of functions are indented, or say of which function they are.
    [GeneratedRegex(
        @"^(?:update|delete from|insert into) \w+(?: \w+)?(?: \(| set|$)",
        RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Rewrite();

    [GeneratedRegex(@"^\s*--[^\n]*\n", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Comment();
}
