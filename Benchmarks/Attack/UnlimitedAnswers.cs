using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Vellarys.Benchmarks.Attack;

/// <summary>
/// Model, provider and an agent's webhook pour out answers without end, beside a host whose heap may have 512 MB.
/// </summary>
internal static class UnlimitedAnswers
{
    public static async Task<bool> RunAsync(string[] args)
    {
        await using OutsideWorld world = await OutsideWorld.StartAsync(TimeSpan.Zero);
        await using AttackHost host = await AttackHost.StartAsync(args, world, "DOTNET_GCHeapHardLimit=0x20000000");
        var verdict = new Verdict();
        await AddAgentAsync(host, world.Url + "/agent");
        // The agent first: a model without an end calls people, until there is no more room for another.
        foreach (string who in new[] { "agent", "model", "provider" })
        {
            world.Endless.Clear();
            world.Endless.Add(who);
            world.CallsPeople = who == "agent";
            long before = world.Poured;
            int calls = world.Calls.GetValueOrDefault(who);
            byte[] body = Bodies.Of(AttackHost.FirstNumber, Enumerable.Range(0, 20).Select(
                i => Bodies.Text($"wamid.{who}.{i}", $"55119{(int)who[0]:D4}{i:D4}", "quero falar com uma pessoa")));
            await host.PostAsync(body);
            int healthy = 0;
            for (int second = 0; second < 15; second++)
            {
                if ((await host.HealthAsync()).Status == 200) healthy++;
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            }

            int asked = world.Calls.GetValueOrDefault(who) - calls;
            long mb = (world.Poured - before) / 1_048_576;
            Console.WriteLine($"{who}: {asked} calls, {mb} MB poured, host's peak {host.PeakMb} MB");
            verdict.Say($"{who}: asked, and not listened to without end", asked > 0 && mb < 16L * asked);
            verdict.Say($"{who}: the host lives and /health answers ({healthy} of 15)", host.IsAlive && healthy == 15);
        }

        return verdict.IsPassed;
    }

    /// <summary>Of the first tenant, always there, with a webhook.</summary>
    private static async Task AddAgentAsync(AttackHost host, string url)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(
            Vellarys.Storage.Connections.Owner(new Vellarys.Storage.StorageOptions { Url = host.DatabaseUrl }));
        await using NpgsqlCommand tenant = database.CreateCommand(
            "select tenant_id from channels where address = '10000000000001'");
        string id = (await tenant.ExecuteScalarAsync())!.ToString()!;
        host.Http.DefaultRequestHeaders.Add("X-Tenant-Id", id);
        using HttpResponseMessage made = await host.Http.PostAsJsonAsync(
            "/api/v1/agents", new { name = "Bia", notifyUrl = url });
        made.EnsureSuccessStatusCode();
        using JsonDocument agent = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
        using HttpResponseMessage present = await host.Http.PutAsJsonAsync(
            $"/api/v1/agents/{agent.RootElement.GetProperty("id").GetString()}/presence", new { presence = "online" });
        present.EnsureSuccessStatusCode();
    }
}
