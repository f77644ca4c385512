using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// A list that can be cut in several ways is one statement with conditions such as
/// <c>($2::text is null or l.status = $2)</c>. A plan that is kept for all values could use no index for any of them,
/// so the database gets the text for what was given: each combination of filters is a statement, and has a plan, of
/// its own.
/// </summary>
internal static partial class OptionalFilters
{
    private static readonly ConcurrentDictionary<(string Sql, long Given), string> Texts = new();

    /// <summary>To be called once the parameters are there.</summary>
    public static NpgsqlBatchCommand OnlyGiven(this NpgsqlBatchCommand command)
    {
        long given = 0;
        for (int i = 0; i < command.Parameters.Count; i++)
            if (command.Parameters[i].Value is not (null or DBNull)) given |= 1L << i;
        command.CommandText = Texts.GetOrAdd((command.CommandText, given), static key => Text(key.Sql, key.Given));
        return command;
    }

    /// <param name="given">A bit for each parameter, the first one's lowest.</param>
    internal static string Text(string sql, long given)
    {
        while (Guard().Match(sql) is { Success: true } guard)
        {
            int end = End(sql, guard.Index), behind = guard.Index + guard.Length;
            bool isGiven = (given >> int.Parse(guard.Groups["number"].ValueSpan, null) - 1 & 1) == 1;
            // Still named where it says nothing, so that its type stays known.
            string rest = isGiven ? sql[behind..(end - 1)] : guard.Groups["test"].Value;
            sql = $"{sql[..guard.Index]}({rest}){sql[end..]}";
        }

        return sql;
    }

    private static int End(string sql, int open)
    {
        int depth = 0;
        for (int at = open; ; at++)
        {
            if (sql[at] == '(') depth++;
            else if (sql[at] == ')' && --depth == 0) return at + 1;
        }
    }

    [GeneratedRegex(@"\((?<test>\$(?<number>\d+)::[a-z]+(\[\])? is null) or ", RegexOptions.NonBacktracking
        | RegexOptions.ExplicitCapture)]
    private static partial Regex Guard();
}
