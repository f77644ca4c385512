using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Api;
using Vellarys.Messaging;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>A body that cannot be read means the same on every queue that is worked off.</summary>
public sealed class QueueBodyTests
{
    private static readonly string[] Worked =
    [
        Queues.MessageProcessing, Queues.AiResponse, Queues.MessageDelivery, Queues.NpsSurvey, Queues.FlowEvents,
        Queues.WebhookDelivery, Queues.CampaignDelivery, Queues.ImageAnalysis,
    ];

    private static readonly string[] NeverReadable =
    [
        "null", "{}", "[]", "\"x\"", "7", "", "{", "{\"v\":1,", "{\"v\":0}", "{\"v\":null}", "{\"v\":\"2\"}",
        "{\"v\":0,\"tenant\":\"0190d5a0-0000-7000-8000-000000000001\"}", "{\"v\":1,\"tenant\":7}",
    ];

    // One of a later release may have fields of another kind, or none of ours.
    private static readonly string[] OfANewerRelease =
    [
        "{\"v\":2}", "{\"v\":2,\"tenant\":7,\"kind\":{\"new\":true},\"conversation\":[],\"message\":1,\"flow\":1}",
    ];

    public static TheoryData<string, string> Broken => Each(NeverReadable);

    public static TheoryData<string, string> Newer => Each(OfANewerRelease);

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Handle_WhatNeverWillBeReadable_IsRefusedForGood(string queue, string body)
    {
        await using ServiceProvider services = Engine();

        PermanentFault fault = await Assert.ThrowsAsync<PermanentFault>(() => HandleAsync(services, queue, body));

        Assert.Equal("bad_body", fault.Code);
    }

    [Theory]
    [MemberData(nameof(Newer))]
    public async Task Handle_BodyOfANewerRelease_WaitsForItWithoutACountedAttempt(string queue, string body)
    {
        await using ServiceProvider services = Engine();

        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => HandleAsync(services, queue, body));

        Assert.Equal("newer_body", fault.Code);
        Assert.True(fault.IsOutage);
    }

    [Fact]
    public async Task Handlers_EachOne_IsTriedHere()
    {
        await using ServiceProvider services = Engine();

        Assert.Equal(
            Worked.Order(StringComparer.Ordinal),
            services.GetServices<IMessageHandler>().Select(h => h.Queue).Order(StringComparer.Ordinal));
    }

    private static Task HandleAsync(ServiceProvider services, string queue, string body) =>
        services.GetServices<IMessageHandler>().Single(h => h.Queue == queue).HandleAsync(
            new TestDelivery(new QueueMessage(queue, Guid.Empty, body)), CancellationToken.None);

    private static TheoryData<string, string> Each(string[] bodies)
    {
        var data = new TheoryData<string, string>();
        foreach (string queue in Worked)
        {
            foreach (string body in bodies) data.Add(queue, body);
        }

        return data;
    }

    private static ServiceProvider Engine()
    {
        ConfigurationManager settings = new();
        settings["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none";
        ServiceCollection services = new();
        services.AddLogging().AddSingleton(TimeProvider.System);
        services.AddEngine(settings, (s, configuration) => s.AddMessaging(configuration));
        return services.BuildServiceProvider();
    }
}
