using Azure.Messaging.ServiceBus;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>A message's whole way through the functions, over AMQP and with the real client library.</summary>
public sealed class FunctionsPathTests : IAsyncLifetime
{
    private FunctionsWorld _world = null!;

    public async Task InitializeAsync() => _world = await FunctionsWorld.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Customers_Write_EachGetsOneAnswerToEverything()
    {
        string[] numbers = [.. Enumerable.Range(0, 20).Select(i => $"55119876500{i:00}")];
        await Task.WhenAll(numbers.Select(
            n => _world.Customers.WriteAsync(n, $"wamid.{n}", $"Quanto custa? [ref:{n}]")));

        await _world.UntilAsync("select count(*) = 20 from deliveries where state = 'sent'");

        Assert.Equal(numbers.Order(), _world.Outside.Sends.Select(s => s.To).Order());
        Assert.All(_world.Outside.Sends, s => Assert.Contains($"[ref:{s.To}]", s.Text, StringComparison.Ordinal));
        await _world.UntilAsync("select count(*) = 0 from queue_messages");
    }

    [Fact]
    public async Task Webhook_DeliveredAgain_IsAnsweredOnce()
    {
        for (int i = 0; i < 5; i++) await _world.Customers.WriteAsync("5511987654321", "wamid.same", "Oi! [ref:1]");
        await _world.UntilAsync("select count(*) = 1 from deliveries where state = 'sent'");
        await _world.Customers.WriteAsync("5511987654322", "wamid.last", "Oi! [ref:2]");
        await _world.UntilAsync("select count(*) = 2 from deliveries where state = 'sent'");

        Assert.Single(_world.Outside.Sends, s => s.To == "5511987654321");
    }

    [Fact]
    public async Task Webhook_DatabaseAway_IsAcceptedAndAnsweredOnceItIsBack()
    {
        // The channel is in memory from here on.
        await _world.Customers.WriteAsync("5511987654321", "wamid.first", "Oi! [ref:1]");
        await _world.UntilAsync("select count(*) = 1 from deliveries where state = 'sent'");
        await using NpgsqlConnection admin = await _world.Database.Owner.OpenConnectionAsync();
        await admin.ExecuteAsync(Limit(0));
        try
        {
            await admin.ExecuteAsync(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where usename = 'vellarys_app' and datname = current_database()
                """);
            await _world.Customers.WriteAsync("5511987654321", "wamid.second", "E a mesa? [ref:2]");
        }
        finally
        {
            await admin.ExecuteAsync(Limit(-1));
        }

        await _world.UntilAsync("select count(*) = 2 from deliveries where state = 'sent'");
        Assert.Equal(2, _world.Outside.Sends.Count);
    }

    [Fact]
    public async Task Api_StaffReplies_GoesOutThroughOutboxAndQueue()
    {
        await _world.Customers.WriteAsync("5511987654321", "wamid.first", "Oi! [ref:1]");
        await _world.UntilAsync("select count(*) = 1 from deliveries where state = 'sent'");
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        Guid conversation = await owner.QuerySingleAsync<Guid>("select id from conversations");
        using HttpClient http = new() { BaseAddress = _world.Host.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", FunctionsWorld.ApiKey);

        HttpResponseMessage taken = await PostAsync(http, conversation, "takeover", "{}");
        HttpResponseMessage reply = await PostAsync(
            http, conversation, "replies", """{"text":"Aqui é a Ana."}""");

        Assert.Equal((true, true), (taken.IsSuccessStatusCode, reply.IsSuccessStatusCode));
        await _world.UntilAsync("select count(*) = 2 from deliveries where state = 'sent'");
        Assert.Contains(_world.Outside.Sends, s => s.Text == "Aqui é a Ana.");
    }

    [Fact]
    public async Task Message_ThatIsNoneOfOurs_IsKeptWhereOperatorsLook()
    {
        await SendAsync(new ServiceBusMessage("not ours") { MessageId = "foreign" });

        await _world.UntilAsync(
            "select count(*) = 1 from queue_dead_letters where code = 'bad_envelope' and body = 'not ours'");
    }

    [Fact]
    public async Task Messages_OfOtherSendersWithoutAnId_AreEachKept()
    {
        await SendAsync([.. Enumerable.Range(1, 5).Select(i => new ServiceBusMessage($"foreign {i}"))]);
        // Beyond the window of duplicate detection an id may come again with something else.
        _world.Broker["ai-response"].Forget();
        await SendAsync(new ServiceBusMessage("one") { MessageId = "again" });
        _world.Broker["ai-response"].Forget();
        await SendAsync(new ServiceBusMessage("other") { MessageId = "again" });

        await _world.UntilAsync("select count(distinct body) = 7 from queue_dead_letters where code = 'bad_envelope'");
    }

    [Fact]
    public async Task Message_ThatNobodyCanRead_IsKeptWithItsReason()
    {
        QueueMessage unreadable = new("ai-response", Ids.New(TimeProvider.System), "{\"v\":1,");
        await _world.Host.Services.GetRequiredService<IMessageQueue>().SendAsync([unreadable], default);

        await _world.UntilAsync(
            "select count(*) = 1 from queue_dead_letters where queue = 'ai-response' and history <> '[]'");
    }

    [Fact]
    public async Task Api_ThroughTheCatchAll_AnswersAsInEveryHost()
    {
        using HttpClient http = new() { BaseAddress = _world.Host.Address };

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

    private async Task SendAsync(params ServiceBusMessage[] messages)
    {
        await using ServiceBusSender sender = _world.Client.CreateSender("ai-response");
        await sender.SendMessagesAsync(messages);
    }

    // Superusers, as this test, are let in all the same.
    private string Limit(int connections) => $"alter database {_world.Database.Name} connection limit {connections}";
}
