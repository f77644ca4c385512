using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Benchmarks;

/// <summary>
/// Lists, searches and look-ups over HTTP on the host as it ships: <c>listings --contacts=1000000 --messages=5</c>
/// migrates and fills the database <c>bench_listings</c>, or <c>BENCH_URL</c>, with that many messages a contact;
/// <c>--kept=1</c> says that it is there. Then asks each route <c>--calls=200</c> times with other words each time.
/// </summary>
internal static class ListingBench
{
    private const string Key = "bench-key-0123456789";
    private const string Port = "18098";

    public static async Task RunAsync(string[] args)
    {
        int contacts = QueueBench.Option(args, "contacts", 1_000_000);
        int messages = QueueBench.Option(args, "messages", 5);
        int calls = QueueBench.Option(args, "calls", 200);
        string port = Environment.GetEnvironmentVariable("BENCH_PGPORT") ?? "55432";
        string url = Environment.GetEnvironmentVariable("BENCH_URL")
            ?? $"postgres://bench@127.0.0.1:{port}/bench_listings";
        NpgsqlConnectionStringBuilder address = Connections.Owner(new StorageOptions { Url = url });
        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(address);
        if (QueueBench.Option(args, "kept", 0) == 0) await SeedAsync(owner, url, contacts, messages);

        using Process host = BenchHost.Start(url, "serve", Port, Key);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}/api/v1/") };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            await BenchHost.ReadyAsync(client);
            Asked rows = await Asked.ReadAsync(owner);
            client.DefaultRequestHeaders.Add("X-Tenant-Id", rows.Tenant.ToString());
            foreach ((string name, Func<int, string> path) in rows.Routes())
                Console.WriteLine(await MeasureAsync(client, name, path, calls));
        }
        finally
        {
            host.Kill();
        }
    }

    private static async Task<string> MeasureAsync(
        HttpClient client, string name, Func<int, string> path, int calls)
    {
        const int Warm = 10;
        List<double> took = [];
        int items = 0;
        for (int i = 0; i < Warm + calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using HttpResponseMessage answer = await client.GetAsync(path(i));
            byte[] body = await answer.Content.ReadAsByteArrayAsync();
            if (i >= Warm) took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            answer.EnsureSuccessStatusCode();
            JsonElement read = JsonElement.Parse(body);
            items += read.TryGetProperty("items", out JsonElement list) ? list.GetArrayLength() : 1;
        }

        took.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-34} p50 {took[calls / 2],7:f1}  p95 {took[calls * 95 / 100],7:f1}  max {took[^1],7:f1} ms  " +
            $"rows {(double)items / (Warm + calls),6:f1}");
    }

    private static async Task SeedAsync(NpgsqlDataSource owner, string url, int contacts, int messages)
    {
        await QueueBench.RecreateAsync(url);
        using (Process migrate = BenchHost.Start(url, "migrate", Port, Key)) await migrate.WaitForExitAsync();
        await using Stream file = typeof(ListingBench).Assembly.GetManifestResourceStream("listings.sql")!;
        using var text = new StreamReader(file);
        string sql = (await text.ReadToEndAsync())
            .Replace(":contacts", contacts.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace(":messages", messages.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await using NpgsqlCommand seed = owner.CreateCommand(sql);
        await seed.ExecuteNonQueryAsync();
        await using NpgsqlCommand vacuum = owner.CreateCommand("vacuum analyze");
        await vacuum.ExecuteNonQueryAsync();
    }

    /// <summary>What the routes are asked for.</summary>
    private sealed record Asked(Guid Tenant, List<(Guid Lead, Guid Conversation, string Phone, string Name)> Rows)
    {
        public static async Task<Asked> ReadAsync(NpgsqlDataSource owner)
        {
            await using NpgsqlCommand command = owner.CreateCommand(
                """
                select c.tenant_id, c.lead_id, c.id, p.phone, p.name
                from conversations c
                join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
                where c.tenant_id = (select id from tenants where name = 'Bench 0')
                order by c.contact_id desc
                offset 1000 limit 400
                """);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            Asked? asked = null;
            while (await reader.ReadAsync())
            {
                asked ??= new Asked(reader.GetGuid(0), []);
                asked.Rows.Add((reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4)));
            }

            return asked ?? throw new InvalidOperationException("There is nothing in the database");
        }

        public IEnumerable<(string Name, Func<int, string> Path)> Routes()
        {
            yield return ("conversations", _ => "conversations");
            yield return ("conversations, one status", _ => "conversations?status=waiting");
            yield return ("conversations, several", _ => "conversations?status=human,waiting");
            yield return ("conversations, by phone", i => $"conversations?phone=%2B{Of(i).Phone}");
            yield return ("conversations, by agent", i => $"conversations?agent={Agent(i)}");
            yield return ("conversation", i => $"conversations/{Of(i).Conversation}");
            yield return ("messages of a conversation", i => $"conversations/{Of(i).Conversation}/messages");
            yield return ("contacts", _ => "contacts");
            yield return ("contacts, rare part of a name", i => $"contacts?search={Of(i).Name[^6..]}");
            yield return ("contacts, first and last name", i => $"contacts?search={FirstTwo(i)}");
            yield return ("contacts, part of a number", i => $"contacts?search={Of(i).Phone[5..]}");
            yield return ("contacts, by phone", i => $"contacts?phone=%2B{Of(i).Phone}&status=active");
            yield return ("contacts, by own id", i => $"contacts?clientId=erp-{5 * i + 5}");
            yield return ("contacts, by metadata", i => $"contacts?field=cidade:c{(5 * i) % 5_000}");
            yield return ("leads", _ => "leads");
            yield return ("leads, won", _ => "leads?status=won");
            yield return ("leads, hot", _ => "leads?qualification=hot");
            yield return ("leads, hot and open", _ => "leads?qualification=hot&status=open");
            yield return ("leads, active", _ => "leads?active=true");
            yield return ("leads, by phone", i => $"leads?phone=%2B{Of(i).Phone}");
            yield return ("leads, by field", i => $"leads?field=cidade:c{(5 * i) % 5_000}");
            yield return ("leads, rare part of a name", i => $"leads?search={Of(i).Name[^6..]}");
            yield return ("lead", i => $"leads/{Of(i).Lead}");
            yield return ("messages of a lead", i => $"leads/{Of(i).Lead}/messages");
        }

        private (Guid Lead, Guid Conversation, string Phone, string Name) Of(int i) => Rows[i % Rows.Count];

        private string FirstTwo(int i) => Uri.EscapeDataString(string.Join(' ', Of(i).Name.Split(' ')[..2]));

        private static string Agent(int i) => string.Create(
            CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-0000000000{i % 50:00}");
    }
}
