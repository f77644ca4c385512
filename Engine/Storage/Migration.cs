using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Storage;

/// <summary>One numbered step of the schema, as embedded in the assembly.</summary>
/// <param name="InTransaction">
/// False when the file begins with <c>-- vellarys: no-transaction</c>: its statements run one by one, for what PostgreSQL
/// refuses inside a transaction, such as <c>create index concurrently</c>.
/// </param>
internal sealed record Migration(int Version, string Name, string Sql, bool InTransaction)
{
    private const string Marker = "-- vellarys: no-transaction";

    /// <summary>SHA-256 of the text, in hexadecimal: an applied file must never change.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>Every migration in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    public static Migration Parse(string name, string sql) =>
        new(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, sql, !sql.StartsWith(Marker, StringComparison.Ordinal));

    private static List<Migration> Load()
    {
        const string prefix = "Vellarys.Storage.Migrations.";
        Assembly assembly = typeof(Migration).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(n =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                    return Parse(n[prefix.Length..], reader.ReadToEnd());
                }),
        ];
    }
}
