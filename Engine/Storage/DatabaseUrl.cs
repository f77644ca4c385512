using System.Text.RegularExpressions;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>Reads a database address: a <c>postgres://</c> URL, or Npgsql's key=value string.</summary>
internal static partial class DatabaseUrl
{
    /// <summary>What is wrong with an address, or null. Repeats nothing of it: it holds a password.</summary>
    public static string? ErrorOf(string address)
    {
        try
        {
            return string.IsNullOrEmpty(Parse(address).Host) ? "no host is given." : null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
        catch (ArgumentException)
        {
            return "neither a postgres:// URL nor a key=value string, or with a key that is not known.";
        }
    }

    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        if (!address.StartsWith("postgres://", StringComparison.Ordinal)
            && !address.StartsWith("postgresql://", StringComparison.Ordinal))
            return new NpgsqlConnectionStringBuilder(address);
        // The host may be left out where it comes as a parameter, as the path of a socket does.
        if (!Uri.TryCreate(NoHost().Replace(address, "${head}localhost${tail}"), UriKind.Absolute, out Uri? url))
            throw new FormatException("the URL is malformed.");
        NpgsqlConnectionStringBuilder result = new() { Host = url.DnsSafeHost, Port = url.Port > 0 ? url.Port : 5432 };
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

    // The parameters that hosted databases put into the URLs that they hand out.
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
            _ => throw new FormatException($"the URL's parameter {key} is not supported."),
        };
        // libpq writes verify-full, Npgsql VerifyFull.
        result[target] = key == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
    }

    [GeneratedRegex("^(?<head>[a-z]+://([^/?@]*@)?)(?<tail>[/?]|$)", RegexOptions.NonBacktracking)]
    private static partial Regex NoHost();
}
