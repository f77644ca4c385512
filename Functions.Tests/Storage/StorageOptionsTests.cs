using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class StorageOptionsTests
{
    private const string Url = "postgres://owner:s3cret@db.example:5433/vellarys?sslmode=verify-full";

    [Fact]
    public void Validate_ManyMistakes_AreAllNamedAndNoPasswordIs()
    {
        ValidateOptionsResult result = new StorageOptionsValidator().Validate(null, new StorageOptions
        {
            Url = "postgres://owner:s3cret@db?sslcompression=1",
            AppUrl = "Host=db;Username=owner;Password=s3cret",
            PgBouncerUrl = "Hots=db;Password=s3cret",
            ConnectionBudget = 10,
            Instances = 5,
            OpenTimeout = TimeSpan.Zero,
        });
        Assert.Equal(5, result.Failures!.Count());
        Assert.Contains("sslcompression", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Nothing_AsksForDatabaseUrl()
    {
        ValidateOptionsResult result = new StorageOptionsValidator().Validate(null, new StorageOptions());
        Assert.Equal(["Url (DATABASE_URL) is not set."], result.Failures!);
    }

    [Theory]
    [InlineData(60, 1, 58)]
    [InlineData(60, 4, 13)]
    [InlineData(100, 3, 31)]
    public void Pool_OfOneInstance_IsItsShareLessWhatListens(int budget, int instances, int expected)
    {
        StorageOptions options = new() { Url = Url, ConnectionBudget = budget, Instances = instances };
        Assert.True(new StorageOptionsValidator().Validate(null, options).Succeeded);
        Assert.Equal(expected, Connections.App(options).MaxPoolSize);
        Assert.InRange(instances * (expected + ListenSource.Connections), 1, budget);
    }

    [Theory]
    [InlineData(15, 30, 5, 45, 5)]
    [InlineData(10, 0, 0, 10, 0)]
    [InlineData(58, 0, 58, 58, 58)]
    public void Pool_AsOperatorsKnowIt_IsTheDriversWithinTheBudget(
        int size, int overflow, int least, int most, int kept)
    {
        StorageOptions options = new() { Url = Url, PoolSize = size, MaxOverflow = overflow, MinPoolSize = least };
        Assert.True(new StorageOptionsValidator().Validate(null, options).Succeeded);
        NpgsqlConnectionStringBuilder app = Connections.App(options);
        Assert.Equal((most, kept), (app.MaxPoolSize, app.MinPoolSize));
    }

    [Theory]
    [InlineData(40, 30, 0, 1, "the ConnectionBudget of 60 is 58 for each of 1")]
    [InlineData(15, 0, 0, 4, "the ConnectionBudget of 60 is 13 for each of 4")]
    [InlineData(null, 5, 0, 1, "MaxOverflow (DB_MAX_OVERFLOW) goes with PoolSize (DB_POOL_SIZE).")]
    [InlineData(1, 0, 0, 1, "PoolSize (DB_POOL_SIZE) must be at least 2.")]
    [InlineData(10, -1, 0, 1, "MaxOverflow (DB_MAX_OVERFLOW) must not be negative.")]
    [InlineData(10, 10, 11, 1, "MinPoolSize (DB_POOL_MIN) must lie between 0 and 10")]
    public void Pool_AgainstTheBudgetOrItself_IsRefusedInOneLine(
        int? size, int overflow, int least, int instances, string reason)
    {
        StorageOptions options = new()
        {
            Url = Url, PoolSize = size, MaxOverflow = overflow, MinPoolSize = least, Instances = instances,
        };
        ValidateOptionsResult result = new StorageOptionsValidator().Validate(null, options);
        Assert.Contains(reason, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void Pool_FromTheEnvironment_WinsOverTheSection()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = Url,
            ["Database:PoolSize"] = "9",
            ["Database:OpenTimeout"] = "00:00:07",
            ["DB_POOL_SIZE"] = "15",
            ["DB_MAX_OVERFLOW"] = "30",
            ["DB_POOL_TIMEOUT"] = "30",
            ["DB_POOL_MIN"] = "5",
        }).Build();
        using ServiceProvider services =
            new ServiceCollection().AddLogging().AddStorage(settings).BuildServiceProvider();
        StorageOptions options = services.GetRequiredService<StorageOptions>();
        Assert.Equal((15, 30, 5, 30), (
            options.PoolSize, options.MaxOverflow, options.MinPoolSize, (int)options.OpenTimeout.TotalSeconds));
    }

    [Fact]
    public void App_FromTheOwnersUrl_LogsInAsItsRoleWithADerivedPassword()
    {
        NpgsqlConnectionStringBuilder app = Connections.App(new StorageOptions { Url = Url });
        Assert.Equal(("db.example", 5433, "vellarys", "vellarys_app", SslMode.VerifyFull),
            (app.Host, app.Port, app.Database, app.Username, app.SslMode));
        // HMAC-SHA256 of the role's name under the owner's password: to be reproducible by any release and any host.
        Assert.Equal("V1ZKrQFH6OjeD8aYEXQpenZaxw2rg4QBgeDiCnuVOZw", app.Password);
    }

    [Fact]
    public void App_BehindPgBouncer_PreparesNothingAndListensDirect()
    {
        StorageOptions options = new() { Url = Url, PgBouncerUrl = "postgres://bouncer:6432" };
        NpgsqlConnectionStringBuilder app = Connections.App(options);
        Assert.Equal(("bouncer", 6432, "vellarys", "vellarys_app", 0),
            (app.Host, app.Port, app.Database, app.Username, app.MaxAutoPrepare));
        Assert.Equal("db.example", Connections.Listen(options).Host);
        Assert.True(Connections.App(new StorageOptions { Url = Url }).MaxAutoPrepare > 0);
    }

    [Theory]
    [InlineData("postgresql://u:p%40ss%2Fword@h/d%20b", "h", 5432, "u", "p@ss/word", "d b")]
    [InlineData("postgres://u@/db?host=/var/run/postgresql", "/var/run/postgresql", 5432, "u", null, "db")]
    [InlineData("postgres:///db?host=/tmp", "/tmp", 5432, null, null, "db")]
    [InlineData("postgres://u@[::1]:6000/db", "::1", 6000, "u", null, "db")]
    [InlineData("Host=h;Username=u;Password=p;Database=d", "h", 5432, "u", "p", "d")]
    public void Parse_Address_IsReadInBothForms(
        string address, string host, int port, string? user, string? password, string database)
    {
        NpgsqlConnectionStringBuilder parsed = DatabaseUrl.Parse(address);
        Assert.Equal((host, port, user, password, database),
            (parsed.Host, parsed.Port, parsed.Username, parsed.Password, parsed.Database));
    }
}
