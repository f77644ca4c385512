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
        TimeSpan? before = await oldest.RunAsync(CancellationToken.None);

        await HoldAsync(Queues.AiResponse, 1);

        Assert.Equal((false, true), (before.HasValue, (await oldest.RunAsync(CancellationToken.None)).HasValue));
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
