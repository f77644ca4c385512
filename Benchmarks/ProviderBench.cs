using System.Globalization;
using Npgsql;
using Vellarys.Benchmarks.Attack;
using Vellarys.Storage;
using Vellarys.Tests.Simulator;

namespace Vellarys.Benchmarks;

/// <summary>
/// The host as it ships against the simulated provider: <c>provider [--contacts=1000] [--each=1] [--rate=0] [--seed=1]
/// [--latency=20]</c>. A rate of 0 runs each profile, and a number whose connections are cut. Prints figures, and a
/// line PASS or FAIL for each thing that must hold.
/// </summary>
internal static class ProviderBench
{
    private const double LeastShare = 0.95;

    public static async Task<bool> RunAsync(string[] args)
    {
        var verdict = new Verdict();
        int contacts = QueueBench.Option(args, "contacts", 1_000), each = QueueBench.Option(args, "each", 1);
        int rate = QueueBench.Option(args, "rate", 0);
        SimulatorConfig basis = new()
        {
            Seed = QueueBench.Option(args, "seed", 1), Token = "bench-token", Secret = "attack-secret",
            Number = AttackHost.FirstNumber.ToString(CultureInfo.InvariantCulture), WithoutNumber = 0.05,
            AnswerDelay = TimeSpan.FromMilliseconds(QueueBench.Option(args, "latency", 20)),
        };
        foreach (int perSecond in rate == 0 ? [20, 80] : new[] { rate })
        {
            int customers = Math.Max(50, contacts * Math.Min(perSecond, 80) / 80);
            await RunAsync($"{perSecond}/s", basis with { PerSecond = perSecond }, customers, each, verdict, args);
        }

        if (rate != 0) return verdict.IsPassed;
        SimulatorConfig cut = basis with { CutAfterAccept = 0.3, Reported = 0.9, Doubled = 0.1, Overtaken = 0.1 };
        await RunAsync("30 % cut after accept", cut, contacts / 2, 2, verdict, args);
        return verdict.IsPassed;
    }

    private static async Task RunAsync(
        string name, SimulatorConfig config, int customers, int each, Verdict verdict, string[] args)
    {
        await using ProviderSimulator simulator = await ProviderSimulator.StartAsync(config);
        string limit = config.PerSecond.ToString(CultureInfo.InvariantCulture);
        await using AttackHost host = await AttackHost.StartAsync(
            args, null, "PROVIDER_BASE_URL=" + simulator.Url, "Limits__MessagesPerSecond=" + limit);
        simulator.ReportTo(new Uri(host.Address, AttackHost.Alias));
        await using NpgsqlDataSource owner =
            NpgsqlDataSource.Create(DatabaseUrl.Parse(host.DatabaseUrl).ConnectionString);
        (Guid tenant, Guid channel) = await ChannelAsync(owner, config.Number);
        var rows = new SimulatorRows(owner);
        string[] addresses = [.. Enumerable.Range(0, customers).Select(simulator.Customers.Address)];
        await rows.OweAsync(tenant, channel, addresses, each);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        IReadOnlyDictionary<string, long> states = await rows.SettledAsync(channel, patience.Token);
        await simulator.ReportedAsync();
        Judge(name, config, simulator.Ledger, states, customers * each, verdict);
    }

    private static void Judge(
        string name, SimulatorConfig config, SimulatorLedger ledger, IReadOnlyDictionary<string, long> states,
        int owed, Verdict verdict)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {owed} owed, {ledger.Accepted.Count} accepted at {ledger.PerSecond:0.0}/s, at most "
            + $"{ledger.WorstSecond} in a second; {ledger.Duplicates} twice, {ledger.Unheard} of which nothing was "
            + $"heard; states {string.Join(' ', states)}"));
        verdict.Say($"{name}: each message is sent", states.Keys.SequenceEqual(["sent"]));
        verdict.Say($"{name}: none is rejected", ledger.Rejected.Count == 0);
        verdict.Say($"{name}: never over the limit in any second", ledger.WorstSecond <= config.PerSecond);
        verdict.Say($"{name}: in order", ledger.Disordered(SimulatorRows.PlaceOf) == 0);
        verdict.Say($"{name}: twice only what was not heard of", ledger.Duplicates <= ledger.Unheard);
        if (config.CutAfterAccept > 0) return;
        verdict.Say($"{name}: 95 % of what is allowed", ledger.PerSecond >= LeastShare * config.PerSecond);
    }

    private static async Task<(Guid Tenant, Guid Channel)> ChannelAsync(NpgsqlDataSource owner, string number)
    {
        await using NpgsqlCommand find =
            owner.CreateCommand("select tenant_id, id from channels where kind = 'meta-cloud' and address = $1");
        find.Parameters.Add(new NpgsqlParameter { Value = number });
        await using NpgsqlDataReader reader = await find.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetGuid(0), reader.GetGuid(1));
    }
}
