using Microsoft.Extensions.Configuration;
using Vellarys.Accounts.Sessions;
using Vellarys.Functions.Http;
using Vellarys.Http;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions;

public sealed class OfferSetupLinkTests
{
    [Theory]
    [InlineData("https://chat.example.com/", null, "https://chat.example.com/setup?token=")]
    [InlineData("", "loja.azurewebsites.net", "https://loja.azurewebsites.net/setup?token=")]
    [InlineData("", "localhost:7071", "http://localhost:7071/setup?token=")]
    public async Task Start_WithoutAnAdministrator_SaysOnceHowTheFirstOneComesIn(string home, string? host, string link)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Assert.Contains(link, Assert.Single(await StartAsync(database, home, host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAnAdministrator_SaysNothing_AndWithoutTables_GoesOn()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using (Npgsql.NpgsqlCommand add = database.Owner.CreateCommand(
            "insert into users (id, email, username, name, is_platform_admin) "
            + "values (gen_random_uuid(), 'a@example.com', 'ana', 'Ana', true)"))
        {
            await add.ExecuteNonQueryAsync();
        }

        Assert.Empty(await StartAsync(database, "", null));
        await using Npgsql.NpgsqlCommand drop = database.Owner.CreateCommand("drop table setup_links");
        await drop.ExecuteNonQueryAsync();
        Assert.Contains("42P01", Assert.Single(await StartAsync(database, "", null)), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> StartAsync(TestDatabase database, string home, string? host)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["WEBSITE_HOSTNAME"] = host }).Build();
        LineLogger<OfferSetupLink> log = new();
        using OfferSetupLink offer = new(
            new SetupLink(database.App, TimeProvider.System), new ApiOptions { PublicUrl = home }, configuration, log);
        await offer.StartAsync(default);
        await offer.ExecuteTask!;
        return log.Lines.Select(l => l.Line);
    }
}
