using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Vellarys.Storage.Schema;

/// <summary>One ordered step of the schema, from an embedded <c>Migrations/NNNN-name.sql</c>.</summary>
/// <param name="Version">The four digits: the order of application, without gaps to fill later.</param>
/// <param name="Name">The file's name, for errors and the log.</param>
/// <param name="Sql">The file's text.</param>
internal sealed partial record Migration(int Version, string Name, string Sql)
{
    private const string NoTransactionMarker = "-- vellarys: no-transaction";

    /// <summary>SHA-256 in hex; line endings do not count, as a checkout may change them.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>False for what PostgreSQL refuses inside a transaction, such as a concurrent index build.</summary>
    public bool InTransaction => !Sql.StartsWith(NoTransactionMarker, StringComparison.Ordinal);

    /// <summary>
    /// The statements of a file that runs outside a transaction. A statement ends where a line ends in a semicolon,
    /// outside of what stands between two <c>$$</c>.
    /// </summary>
    public IReadOnlyList<string> Statements =>
    [
        .. Whole(StatementEnd().Split(Sql)).Select(s => s.Trim())
            .Where(s => s.Length > 0 && !OnlyComments().IsMatch(s)),
    ];

    /// <summary>Indexes that this file builds concurrently; one that broke off is left invalid.</summary>
    public IEnumerable<string> ConcurrentIndexes =>
        ConcurrentIndex().Matches(Sql).Select(m => m.Groups["name"].Value);

    /// <summary>Everything embedded in the assembly, in order.</summary>
    public static IReadOnlyList<Migration> Embedded(Assembly assembly) =>
        [.. from resource in assembly.GetManifestResourceNames()
            let match = ResourceName().Match(resource)
            where match.Success
            let version = int.Parse(match.Groups["version"].ValueSpan, null)
            orderby version
            select new Migration(version, match.Groups["file"].Value, Read(assembly, resource))];

    private static string Read(Assembly assembly, string resource)
    {
        using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static IEnumerable<string> Whole(string[] pieces)
    {
        string body = "";
        foreach (string piece in pieces)
        {
            body += piece;
            bool isOpen = body.Split("$$").Length % 2 == 0;
            if (isOpen)
            {
                body += ";\n";
                continue;
            }

            yield return body;
            body = "";
        }

        if (body.Length > 0) yield return body;
    }

    [GeneratedRegex(@"\.Migrations\.(?<file>(?<version>\d{4})-[a-z0-9-]+\.sql)$", RegexOptions.NonBacktracking)]
    private static partial Regex ResourceName();

    [GeneratedRegex(@";[ \t]*(?:\r?\n|$)", RegexOptions.NonBacktracking)]
    private static partial Regex StatementEnd();

    [GeneratedRegex(@"\A(?:\s*--[^\n]*(?:\n|\z))*\z", RegexOptions.NonBacktracking)]
    private static partial Regex OnlyComments();

    [GeneratedRegex(@"\bindex\s+concurrently\s+if\s+not\s+exists\s+(?<name>\w+)", RegexOptions.NonBacktracking
        | RegexOptions.IgnoreCase)]
    private static partial Regex ConcurrentIndex();
}
