using Npgsql;

namespace Vellarys.Storage;

/// <summary>Reads a database address, as a <c>postgres://</c> URL or as Npgsql's key=value string.</summary>
internal static class DatabaseUrl
{
    public static bool IsValid(string address)
    {
        try
        {
            return !string.IsNullOrEmpty(Parse(address).Host);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Throws an <see cref="ArgumentException"/> that repeats nothing of the address: it holds a password.</summary>
    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        if (!address.StartsWith("postgres://", StringComparison.Ordinal)
            && !address.StartsWith("postgresql://", StringComparison.Ordinal))
            return new NpgsqlConnectionStringBuilder(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url))
            throw new ArgumentException("The database URL is malformed.", nameof(address));
        NpgsqlConnectionStringBuilder result = new() { Host = url.Host, Port = url.Port > 0 ? url.Port : 5432 };
        string[] user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0) result.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) result.Password = Uri.UnescapeDataString(user[1]);
        if (url.AbsolutePath.Length > 1) result.Database = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        foreach (string pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            Apply(result, parts[0], Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : ""));
        }

        return result;
    }

    private static void Apply(NpgsqlConnectionStringBuilder result, string key, string value)
    {
        string target = key switch
        {
            "host" => "Host",
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "channel_binding" => "Channel Binding",
            "connect_timeout" => "Timeout",
            "application_name" => "Application Name",
            _ => throw new ArgumentException($"The database URL's parameter {key} is not supported."),
        };
        // libpq writes verify-full, Npgsql VerifyFull.
        result[target] = key == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
    }
}
