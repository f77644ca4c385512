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
