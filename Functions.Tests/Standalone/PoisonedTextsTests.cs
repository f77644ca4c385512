using System.Text.Json;
using Dapper;
using Npgsql;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Standalone;

/// <summary>
/// The host as it ships, without a model, against customers who send what once kept it busy without end.
/// </summary>
public sealed class PoisonedTextsTests
{
    private const string Secret = "poison-secret";
    private const string Number = "10000000000027";
    private const int Poisoners = 27;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task PoisonedTexts_FromManyCustomers_AreAnsweredAndSoIsEverybodyElse()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using OutsideWorld world = await OutsideWorld.StartAsync();
        await SeedAsync(database);
        int port = HostProcess.FreePort();
        await using HostProcess host = HostProcess.Start(port, new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["PROVIDER_BASE_URL"] = world.ProviderUrl,
            ["META_APP_SECRET"] = Secret,
            ["META_VERIFY_TOKEN"] = "verify",
            ["OPENAI_API_KEY"] = "",
        });
        Assert.True(await host.ReadyAsync(), host.Output);
        using MetaWebhooks webhooks = new(Secret, Number, host.Address);
        MetaCustomers customers = new(webhooks);
        string[] poison = [.. HostileTexts.Known(353), .. HostileTexts.Known(4_096)];

        await Task.WhenAll(Enumerable.Range(0, Poisoners).Select(
            i => customers.WriteAsync(From(i), $"wamid.P{i}", poison[i % poison.Length])));
        await customers.WriteAsync(From(Poisoners), "wamid.A", "oi, tudo bem?");
        await ReachedAsync(world, Poisoners + 1, host);

        Assert.Equal(
            Enumerable.Range(0, Poisoners + 1).Select(From), world.Sends.Select(s => s.To).Distinct().Order());
        using HttpClient http = new() { BaseAddress = host.Address };
        using JsonDocument health = JsonDocument.Parse(await http.GetStringAsync(new Uri("/health", UriKind.Relative)));
        JsonElement handlers = health.RootElement.GetProperty("dependencies").GetProperty("handlers");
        Assert.Equal("up", handlers.GetProperty("state").GetString());
    }

    private static string From(int customer) => $"551198765{customer:0000}";

    private static async Task ReachedAsync(OutsideWorld world, int customers, HostProcess host)
    {
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        while (world.Sends.Select(s => s.To).Distinct().Count() < customers)
        {
            Assert.False(patience.IsCancellationRequested || host.HasExited, host.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static async Task SeedAsync(TestDatabase database)
    {
        await using NpgsqlConnection owner = await database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(
            """
            insert into tenants (id, name, settings)
            values (@tenant, 'Loja', cast('{"quietMs": 0, "showsTyping": false}' as jsonb));
            insert into channels (tenant_id, id, kind, address, access_token)
            values (@tenant, @channel, 'meta-cloud', @number, 'token')
            """,
            new
            {
                tenant = Ids.New(TimeProvider.System), channel = Ids.New(TimeProvider.System), number = Number,
            });
    }
}
