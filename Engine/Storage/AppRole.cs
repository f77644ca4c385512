using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// The login that the product runs as: it owns nothing and cannot bypass row-level security. Without a URL of its own its
/// password is derived from the owner's, so that every host that knows the owner's URL finds the same one.
/// </summary>
internal static class AppRole
{
    public const string Name = "vellarys_app";

    /// <summary>Session limits of the role: set on the role itself, so that they hold behind a pooler as well.</summary>
    private static readonly (string Setting, string Value)[] Limits =
    [
        ("statement_timeout", "60s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "30s"),
    ];

    public static string DerivePassword(string? ownerPassword)
    {
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(ownerPassword ?? ""), Encoding.UTF8.GetBytes(Name));
        return Convert.ToBase64String(mac).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Creates the role where it is missing. A role that is already right is left alone.</summary>
    public static async Task EnsureAsync(NpgsqlConnection owner, string password, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand find = owner.CreateCommand();
        find.CommandText = "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = $1";
        find.Parameters.AddWithValue(Name);
        object? found = await find.ExecuteScalarAsync(cancellationToken);
        string fingerprint = Fingerprint(password);
        if (found is string known && known == fingerprint) return;

        // Roles belong to the whole server: two databases migrated at once may both come here.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await WriteAsync(owner, password, fingerprint, found is null && attempt == 0, cancellationToken);
                return;
            }
            catch (PostgresException e) when (attempt < 20 && e.SqlState
                is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation or "XX000")
            {
                // Somebody else was faster, or is writing the same row: look again.
            }
        }
    }

    private static async Task WriteAsync(
        NpgsqlConnection owner, string password, string fingerprint, bool create, CancellationToken cancellationToken)
    {
        const string attributes =
            "login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password";
        var statements = new List<string>
        {
            $"{(create ? "create" : "alter")} role {Name} with {attributes} '{password.Replace("'", "''", StringComparison.Ordinal)}'",
        };
        statements.AddRange(Limits.Select(l => $"alter role {Name} set {l.Setting} = '{l.Value}'"));
        statements.Add($"comment on role {Name} is '{fingerprint}'");
        await using NpgsqlTransaction transaction = await owner.BeginTransactionAsync(cancellationToken);
        await using NpgsqlCommand command = owner.CreateCommand();
        command.CommandText = string.Join(";\n", statements);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Tells whether the role was last written by this version and for this password, without revealing it.</summary>
    private static string Fingerprint(string password) =>
        "vellarys:1:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("fingerprint:" + password)))[..16];
}
