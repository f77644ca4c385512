using System.Globalization;
using Npgsql;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Vellarys.Tests.Simulator;

/// <summary>
/// The host as it ships against the simulated provider. The long runs are in <c>Benchmarks provider</c>.
/// </summary>
public sealed class SimulatedDeliveryTests(ITestOutputHelper output)
{
    /// <summary>
    /// Everything arrives once and in order. A loaded machine may hold some up on their way so that they come together
    /// and are refused, and sent again: how fast it is, and that none is refused, is the benchmark's to show. Without a
    /// pace most of the sixty are refused.
    /// </summary>
    [Fact]
    public async Task NumberAtItsLimit_SendsEverythingOnceAndInOrder()
    {
        SimulatorConfig config = SimulatorConfig.Coexistence with { WithoutNumber = 0.1 };
        SimulatorLedger ledger = await RunAsync(config, customers: 30, each: 2, unknownWaitMs: 30_000);
        Assert.Equal(60, ledger.Accepted.Count);
        Assert.Equal(0, ledger.Duplicates);
        Assert.Equal(0, ledger.Disordered(SimulatorRows.PlaceOf));
        Assert.InRange(ledger.Rejected.Values.Sum(), 0, 60 / 4);
    }

    /// <summary>
    /// Statuses that return what was sent along settle what the connection left open, before it is sent again.
    /// </summary>
    [Fact]
    public async Task ConnectionCutAfterAccept_StatusesSettleIt_NothingIsSentTwice()
    {
        SimulatorConfig config = new() { CutAfterAccept = 0.3, ReportedFirst = 0.3, Doubled = 0.2, Overtaken = 0.2 };
        SimulatorLedger ledger = await RunAsync(config, customers: 40, each: 2, unknownWaitMs: 60_000);
        Assert.Equal(80, ledger.Accepted.Count);
        Assert.Contains(ledger.Accepted, s => !s.IsAnswered);
        Assert.Equal(0, ledger.Duplicates);
        Assert.Equal(0, ledger.Disordered(SimulatorRows.PlaceOf));
    }

    /// <summary>What neither answer nor status told of is sent a second time, and nothing else is.</summary>
    [Fact]
    public async Task ConnectionCutAfterAccept_NothingHeard_OnlyThatIsSentTwice()
    {
        SimulatorConfig config = new() { CutAfterAccept = 0.3, Reported = 0.5 };
        SimulatorLedger ledger = await RunAsync(config, customers: 40, each: 1, unknownWaitMs: 8_000);
        Assert.Equal(40, ledger.Accepted.DistinctBy(s => s.Correlation).Count());
        Assert.InRange(ledger.Duplicates, 1, ledger.Unheard);
        Assert.Equal(0, ledger.NeedlessDuplicates);
    }

    private async Task<SimulatorLedger> RunAsync(SimulatorConfig config, int customers, int each, int unknownWaitMs)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using ProviderSimulator simulator = await ProviderSimulator.StartAsync(config);
        Guid tenant = Ids.New(TimeProvider.System), channel = Ids.New(TimeProvider.System);
        await using (NpgsqlCommand rows = database.Owner.CreateCommand(
            $$"""
            insert into tenants (id, name, settings) values ('{{tenant}}', 'Loja',
                '{"showsTyping":false}'::jsonb || jsonb_build_object('unknownSendWaitMs', {{unknownWaitMs}}));
            insert into channels (tenant_id, id, kind, address, access_token)
            values ('{{tenant}}', '{{channel}}', 'meta-cloud', '{{config.Number}}', '{{config.Token}}')
            """))
            await rows.ExecuteNonQueryAsync();

        await using HostProcess host = HostProcess.Start(HostProcess.FreePort(), new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["PROVIDER_BASE_URL"] = simulator.Url,
            ["META_APP_SECRET"] = config.Secret,
            ["META_VERIFY_TOKEN"] = "verify",
            ["MetaCloud__SendTimeout"] = "00:01:00",
            ["Limits__MessagesPerSecond"] = config.PerSecond.ToString(CultureInfo.InvariantCulture),
        });
        Assert.True(await host.ReadyAsync(), host.Output);
        simulator.ReportTo(new Uri(host.Address, "/api/whatsapp/webhooks/messages"));
        var owed = new SimulatorRows(database.Owner);
        string[] addresses = [.. Enumerable.Range(0, customers).Select(simulator.Customers.Address)];
        await owed.OweAsync(tenant, channel, addresses, each);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        IReadOnlyDictionary<string, long> states = await owed.SettledAsync(channel, patience.Token);
        SimulatorLedger ledger = simulator.Ledger;
        output.WriteLine(
            $"{string.Join(' ', states)}; {ledger.Accepted.Count} accepted, {ledger.Duplicates} twice, "
            + $"{ledger.Unheard} unheard, {ledger.PerSecond:0.0}/s, at most {ledger.WorstSecond} in a second, "
            + $"refused {string.Join(' ', ledger.Rejected)}");
        Assert.True(states.Keys.SequenceEqual(["sent"]), string.Join(' ', states) + "\n" + host.Output);
        return ledger;
    }
}
