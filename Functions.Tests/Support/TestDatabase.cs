using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Tests.Support;

/// <summary>
/// A fresh, migrated database on the test server (<c>TEST_DATABASE_URL</c>, as its superuser), cloned from a template that
/// is migrated once for each state of the schema.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? _template;
    private readonly string _name;

    private TestDatabase(string name)
    {
        _name = name;
        Owner = new NpgsqlDataSourceBuilder(OwnerString(name)).Build();
        App = new NpgsqlDataSourceBuilder(AppString()).Build();
    }

    /// <summary>As <c>vellarys_app</c>, under row-level security: what the product itself uses.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>As the superuser, past row-level security: to arrange and to check.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>The database as a host would be given it.</summary>
    public string OwnerUrl => OwnerString(_name);

    private static string Server =>
        Environment.GetEnvironmentVariable("TEST_DATABASE_URL")
        ?? throw new InvalidOperationException(
            "TEST_DATABASE_URL is not set: run ./test, or point it at a PostgreSQL superuser.");

    public static async Task<TestDatabase> CreateAsync()
    {
        string template = await TemplateAsync();
        string name = "t_" + Ids.New(TimeProvider.System).ToString("N");
        await OnServerAsync($"create database {name} template {template}");
        return new TestDatabase(name);
    }

    /// <summary>An Npgsql connection string as <c>vellarys_app</c>.</summary>
    public string AppString(string? host = null, int? port = null)
    {
        NpgsqlConnectionStringBuilder builder = DatabaseUrl.Parse(Server);
        string password = AppRole.DerivePassword(builder.Password);
        builder.Host = host ?? builder.Host;
        builder.Port = port ?? builder.Port;
        builder.Database = _name;
        builder.Username = AppRole.Name;
        builder.Password = password;
        builder.MaxPoolSize = 40;
        return builder.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Owner.DisposeAsync();
        await OnServerAsync($"drop database if exists {_name} with (force)");
    }

    internal static string OwnerString(string name)
    {
        NpgsqlConnectionStringBuilder builder = DatabaseUrl.Parse(Server);
        builder.Database = name;
        builder.IncludeErrorDetail = true;
        return builder.ConnectionString;
    }

    /// <summary>Runs a statement in the server's <c>postgres</c> database.</summary>
    internal static async Task OnServerAsync(string sql)
    {
        NpgsqlConnectionStringBuilder builder = DatabaseUrl.Parse(Server);
        builder.Pooling = false;
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> TemplateAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return _template ??= await BuildTemplateAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> BuildTemplateAsync()
    {
        string all = string.Concat(Migration.All.Select(m => m.Checksum));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
        string name = $"template_{hash}_{Environment.ProcessId}";
        await OnServerAsync($"drop database if exists {name} with (force)");
        await OnServerAsync($"create database {name}");
        string owner = OwnerString(name) + ";Pooling=false";
        string password = AppRole.DerivePassword(DatabaseUrl.Parse(Server).Password);
        await new Migrator().RunAsync(owner, password, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            OnServerAsync($"drop database if exists {name} with (force)").GetAwaiter().GetResult();
        return name;
    }
}
