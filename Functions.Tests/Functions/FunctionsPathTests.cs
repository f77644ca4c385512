using Dapper;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>A message's whole way through the functions, with only the transport replaced.</summary>
public sealed class FunctionsPathTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "functions-secret";
    private const string Number = "10000000000009";
    private const string ApiKey = "an-api-key-for-the-tests";
    private readonly Guid _tenant = Ids.New(TimeProvider.System);
    private TestDatabase _database = null!;
    private OutsideWorld _world = null!;
    private FunctionsHost _host = null!;
    private MetaWebhooks _webhooks = null!;
    private MetaCustomers _customers = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _world = await OutsideWorld.StartAsync();
        await using (NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync())
        {
            await owner.ExecuteAsync(
                """
                insert into tenants (id, name, settings)
                values (@tenant, 'Loja', '{"quietMs":0,"burstCapMs":0}');
                insert into channels (tenant_id, id, kind, address, access_token)
                values (@tenant, @channel, 'meta-cloud', @address, 'token')
                """,
                new { tenant = _tenant, channel = Ids.New(TimeProvider.System), address = Number });
        }

        _host = await FunctionsHost.StartAsync(new()
        {
            ["DATABASE_URL"] = _database.ConnectionString(owner: true),
            ["OPENAI_API_KEY"] = "test",
            ["OPENAI_BASE_URL"] = _world.ModelUrl,
            ["PROVIDER_BASE_URL"] = _world.ProviderUrl,
            ["META_APP_SECRET"] = Secret,
            ["META_VERIFY_TOKEN"] = "verify",
            ["VELLARYS_API_KEY"] = ApiKey,
            // A loaded machine may take its time to open a first connection.
            ["Health:ProbeCap"] = "00:00:30",
        });
        _webhooks = new MetaWebhooks(_host.Address, Secret, Number);
        _customers = new MetaCustomers(_webhooks);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _world.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _webhooks.Dispose();

    [Fact]
    public async Task Customers_Write_EachGetsOneAnswerToEverything()
    {
        string[] numbers = [.. Enumerable.Range(0, 20).Select(i => $"55119876500{i:00}")];
        await Task.WhenAll(numbers.Select(n => _customers.WriteAsync(n, $"wamid.{n}", $"Quanto custa? [ref:{n}]")));

        await UntilAsync("select count(*) = 20 from deliveries where state = 'sent'");

        Assert.Equal(numbers.Order(), _world.Sends.Select(s => s.To).Order());
        Assert.All(_world.Sends, s => Assert.Contains($"[ref:{s.To}]", s.Text, StringComparison.Ordinal));
        await UntilAsync("select count(*) = 0 from queue_messages");
    }

    [Fact]
    public async Task Webhook_DeliveredAgain_IsAnsweredOnce()
    {
        for (int i = 0; i < 5; i++) await _customers.WriteAsync("5511987654321", "wamid.same", "Oi! [ref:1]");
        await UntilAsync("select count(*) = 1 from deliveries where state = 'sent'");
        await _customers.WriteAsync("5511987654322", "wamid.last", "Oi! [ref:2]");
        await UntilAsync("select count(*) = 2 from deliveries where state = 'sent'");

        Assert.Single(_world.Sends, s => s.To == "5511987654321");
    }

    [Fact]
    public async Task Webhook_DatabaseAway_IsAcceptedAndAnsweredOnceItIsBack()
    {
        // The channel is in memory from here on.
        await _customers.WriteAsync("5511987654321", "wamid.first", "Oi! [ref:1]");
        await UntilAsync("select count(*) = 1 from deliveries where state = 'sent'");
        await using NpgsqlConnection admin = await _database.Owner.OpenConnectionAsync();
        await admin.ExecuteAsync(Limit(0));
        try
        {
            await admin.ExecuteAsync(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where usename = 'vellarys_app' and datname = current_database()
                """);
            await _customers.WriteAsync("5511987654321", "wamid.second", "E a mesa? [ref:2]");
        }
        finally
        {
            await admin.ExecuteAsync(Limit(-1));
        }

        await UntilAsync("select count(*) = 2 from deliveries where state = 'sent'");
        Assert.Equal(2, _world.Sends.Count);
    }

    [Fact]
    public async Task Api_StaffReplies_GoesOutThroughOutboxAndQueue()
    {
        await _customers.WriteAsync("5511987654321", "wamid.first", "Oi! [ref:1]");
        await UntilAsync("select count(*) = 1 from deliveries where state = 'sent'");
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        Guid conversation = await owner.QuerySingleAsync<Guid>("select id from conversations");
        using HttpClient http = new() { BaseAddress = _host.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ApiKey);

        HttpResponseMessage taken = await PostAsync(http, conversation, "takeover", "{}");
        HttpResponseMessage reply = await PostAsync(
            http, conversation, "replies", """{"text":"Aqui é a Ana."}""");

        Assert.Equal((true, true), (taken.IsSuccessStatusCode, reply.IsSuccessStatusCode));
        await UntilAsync("select count(*) = 2 from deliveries where state = 'sent'");
        Assert.Contains(_world.Sends, s => s.Text == "Aqui é a Ana.");
    }

    [Fact]
    public async Task Message_ThatIsNoneOfOurs_IsKeptWhereOperatorsLook()
    {
        _host.Broker.Put("ai-response", new BrokerEnvelope(
            "foreign", "not ours"u8.ToArray(), null, null, new Dictionary<string, object>()));

        await UntilAsync(
            "select count(*) = 1 from queue_dead_letters where code = 'bad_envelope' and body = 'not ours'");
    }

    [Fact]
    public async Task Message_ThatNobodyCanRead_IsKeptWithItsReason()
    {
        QueueMessage unreadable = new("ai-response", Ids.New(TimeProvider.System), "{\"v\":1,");
        await _host.Broker.SendAsync("ai-response", [new BrokerMessage(unreadable)], default);

        await UntilAsync("select count(*) = 1 from queue_dead_letters where queue = 'ai-response' and history <> '[]'");
    }

    [Fact]
    public async Task Api_ThroughTheCatchAll_AnswersAsInEveryHost()
    {
        using HttpClient http = new() { BaseAddress = _host.Address };

        HttpResponseMessage health = await http.GetAsync(new Uri("/health", UriKind.Relative));
        HttpResponseMessage closed = await http.GetAsync(new Uri("/api/v1/conversations", UriKind.Relative));
        HttpResponseMessage nowhere = await http.GetAsync(new Uri("/api/v1/nowhere", UriKind.Relative));
        HttpResponseMessage forged = await http.PostAsync(
            new Uri("/api/v1/webhooks/meta-cloud", UriKind.Relative), new StringContent("{}"));

        Assert.Equal(
            (200, 401, 404, 401),
            ((int)health.StatusCode, (int)closed.StatusCode, (int)nowhere.StatusCode, (int)forged.StatusCode));
        Assert.Equal("application/problem+json", closed.Content.Headers.ContentType?.MediaType);
        Assert.Equal("application/problem+json", forged.Content.Headers.ContentType?.MediaType);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, Guid conversation, string what, string json) =>
        http.PostAsync(
            new Uri($"/api/v1/conversations/{conversation}/{what}", UriKind.Relative),
            new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    // Superusers, as this test, are let in all the same.
    private string Limit(int connections) => $"alter database {_database.Name} connection limit {connections}";

    private async Task UntilAsync(string condition)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!await owner.ExecuteScalarAsync<bool>(condition))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }
}
