using System.Net.Http.Json;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Functions.Messaging;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Broker;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>Operators see what lies in the broker, not only what is on its way to it.</summary>
public sealed class ServiceBusBacklogTests : IAsyncLifetime
{
    private FunctionsWorld _world = null!;

    public async Task InitializeAsync() => _world = await FunctionsWorld.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Queues_MessagesLieInTheBroker_AreCounted()
    {
        await HoldAsync(Queues.AiResponse, 3);
        await using ServiceBusSender later = _world.Client.CreateSender(Queues.NpsSurvey);
        await later.ScheduleMessageAsync(new("later"), TimeProvider.System.GetUtcNow().AddDays(1));
        using HttpClient http = new() { BaseAddress = _world.Host.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", FunctionsWorld.ApiKey);

        JsonElement answer = await http.GetFromJsonAsync<JsonElement>(
            new Uri("/api/v1/operations/queues", UriKind.Relative));

        Dictionary<string, JsonElement> queues = answer.GetProperty("items").EnumerateArray()
            .ToDictionary(i => i.GetProperty("queue").GetString()!);
        Assert.Equal(3, queues[Queues.AiResponse].GetProperty("waiting").GetInt64());
        Assert.Equal(JsonValueKind.Number, queues[Queues.AiResponse].GetProperty("oldestWaitingMs").ValueKind);
        Assert.Equal(1, queues[Queues.NpsSurvey].GetProperty("delayed").GetInt64());
        Assert.Equal(0, queues[BrokerMessage.UrgentEntity].GetProperty("waiting").GetInt64());
    }

    [Fact]
    public async Task Queues_MoreThanAnybodyCounts_AreCountedUpToThat()
    {
        await HoldAsync(Queues.MessageDelivery, ServiceBusBacklog.Most + 10);

        IReadOnlyList<QueueCounts> counts = await _world.Host.Services.GetRequiredService<QueueStats>()
            .RunAsync(CancellationToken.None);

        Assert.Equal(ServiceBusBacklog.Most, counts.Single(c => c.Queue == Queues.MessageDelivery).Waiting);
    }

    [Fact]
    public async Task OldestWaiting_MessageLiesInTheBroker_IsItsAge()
    {
        OldestWaiting oldest = _world.Host.Services.GetRequiredService<OldestWaiting>();
        BrokerAge before = await oldest.RunAsync(CancellationToken.None);

        await HoldAsync(Queues.AiResponse, 1);

        Assert.Equal(new BrokerAge(null, true), before);
        Assert.NotNull((await oldest.RunAsync(CancellationToken.None)).Oldest);
    }

    // Turns wait for a burst to end, campaigns for their day: what is due stands behind them.
    [Theory]
    [InlineData(ServiceBusBacklog.Quick - 1, true)]
    [InlineData(ServiceBusBacklog.Quick, false)]
    public async Task OldestWaiting_BehindWhatIsScheduled_IsFound(int scheduled, bool isFoundQuickly)
    {
        await ScheduleAsync(Queues.AiResponse, scheduled);
        await HoldAsync(Queues.AiResponse, 1);

        BrokerAge age = await _world.Host.Services.GetRequiredService<OldestWaiting>().RunAsync(default);
        QueueCounts counts = await CountsAsync(Queues.AiResponse);

        Assert.Equal((isFoundQuickly, isFoundQuickly), (age.IsKnown, age.Oldest.HasValue));
        Assert.Equal((1, true, true), (counts.Waiting, counts.IsOldestKnown, counts.OldestWaiting.HasValue));
    }

    [Fact]
    public async Task OldestWaiting_BehindMoreThanAnybodyLooksPast_IsUnknown()
    {
        await ScheduleAsync(Queues.NpsSurvey, ServiceBusBacklog.Deepest);
        await HoldAsync(Queues.NpsSurvey, 1);
        using HttpClient http = new() { BaseAddress = _world.Host.Address };

        QueueCounts counts = await CountsAsync(Queues.NpsSurvey);
        JsonElement health = await http.GetFromJsonAsync<JsonElement>(new Uri("/health", UriKind.Relative));

        Assert.Equal((false, false), (counts.IsOldestKnown, counts.OldestWaiting.HasValue));
        JsonElement queue = health.GetProperty("dependencies").GetProperty("queue");
        Assert.Equal("unknown", queue.GetProperty("state").GetString());
        Assert.Equal("healthy", queue.GetProperty("status").GetString());
    }

    private async Task<QueueCounts> CountsAsync(string queue) =>
        (await _world.Host.Services.GetRequiredService<QueueStats>().RunAsync(CancellationToken.None))
        .Single(c => c.Queue == queue);

    private async Task ScheduleAsync(string queue, int count)
    {
        await using ServiceBusSender sender = _world.Client.CreateSender(queue);
        DateTimeOffset tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        await sender.SendMessagesAsync(
            Enumerable.Range(0, count).Select(i => new ServiceBusMessage($"{i}") { ScheduledEnqueueTime = tomorrow }));
    }

    // Nobody comes to handle them while the test looks on.
    private async Task HoldAsync(string queue, int count)
    {
        await using ServiceBusSender sender = _world.Client.CreateSender(queue);
        for (int i = 0; i < count; i++)
        {
            _world.Broker[queue].HoldNext();
            await sender.SendMessageAsync(new($"{i}"));
        }
    }
}
