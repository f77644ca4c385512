using Npgsql;

namespace Vellarys.Storage;

/// <summary>Reads <c>postgres://user:password@host:port/name?sslmode=…</c> as well as Npgsql's own key=value strings.</summary>
internal static class DatabaseUrl
{
    public static NpgsqlConnectionStringBuilder Parse(string value)
    {
        if (!value.StartsWith("postgres://", StringComparison.Ordinal)
            && !value.StartsWith("postgresql://", StringComparison.Ordinal))
            return new NpgsqlConnectionStringBuilder(value);

        var url = new Uri(value);
        string[] user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port > 0 ? url.Port : 5432,
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
        };
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (string pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] setting = pair.Split('=', 2);
            string key = setting[0].ToLowerInvariant() switch
            {
                "sslmode" => "SSL Mode",
                "application_name" => "Application Name",
                "connect_timeout" => "Timeout",
                _ => setting[0],
            };
            builder[key] = Uri.UnescapeDataString(setting.Length > 1 ? setting[1] : "");
        }

        return builder;
    }
}
