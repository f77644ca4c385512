using System.Text.Json;
using System.Xml;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>The queues of Service Bus are those that the engine speaks to, as it expects them.</summary>
[Collection(nameof(Deployment))]
public sealed class QueueTests
{
    private static readonly ArmResource[] Created =
        [.. Deployment.Of("small").Where("Microsoft.ServiceBus/namespaces/queues")];

    [Fact]
    public void Queues_Names_AreThoseOfTheEngine() => Assert.Equal(
        [.. Queues.All, BrokerMessage.UrgentEntity], Created.Select(q => q.Name.Split('/')[1]));

    [Fact]
    public void Queues_Settings_AreThoseOfTheEmulator()
    {
        using JsonDocument emulator = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Sources.Root, "infra", "local", "servicebus.json")));
        var local = emulator.RootElement.GetProperty("UserConfig").GetProperty("Namespaces")[0]
            .GetProperty("Queues").EnumerateArray()
            .Select(q => (q.GetProperty("Name").GetString(), q.GetProperty("Properties")))
            .Select(q => $"{q.Item1} {q.Item2.GetProperty("LockDuration")} {q.Item2.GetProperty("MaxDeliveryCount")} "
                + $"{q.Item2.GetProperty("RequiresSession")} {q.Item2.GetProperty("RequiresDuplicateDetection")}");

        Assert.Equal(local.Select(Lower), Created.Select(q => Lower(
            $"{q.Name.Split('/')[1]} {q["properties.lockDuration"]} {q["properties.maxDeliveryCount"]} "
            + $"{q["properties.requiresSession"]} {q["properties.requiresDuplicateDetection"]}")));
    }

    [Fact]
    public void Queues_Deliveries_OutlastTheAttemptsOfTheEngine() => Assert.All(
        Created, q => Assert.True(
            q["properties.maxDeliveryCount"]!.GetValue<int>() >= new QueueOptions().MaxDeliveries, q.Name));

    // The host renews the lock for as long as it is told to, which must be longer than a handler may take.
    [Fact]
    public void Host_Renewal_OutlastsTheLongestHandler()
    {
        using JsonDocument host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root, "host.json")));
        TimeSpan renewal = TimeSpan.Parse(
            host.RootElement.GetProperty("extensions").GetProperty("serviceBus")
                .GetProperty("maxAutoLockRenewalDuration").GetString()!, null);
        Assert.True(renewal > new QueueOptions().HandlerTimeout);
        Assert.All(Created, q => Assert.InRange(
            XmlConvert.ToTimeSpan(q["properties.lockDuration"]!.ToString()), TimeSpan.FromSeconds(30),
            TimeSpan.FromMinutes(5)));
    }

    // Copies that wait for their time, and what waits while nobody takes it, outlive a long weekend.
    [Fact]
    public void Queues_Messages_AreKeptForDays() => Assert.All(Created, q =>
    {
        Assert.True(XmlConvert.ToTimeSpan(q["properties.defaultMessageTimeToLive"]!.ToString()).TotalDays >= 7);
        Assert.True(q["properties.deadLetteringOnMessageExpiration"]!.GetValue<bool>());
    });

    private static string Lower(string text) => text.ToLowerInvariant();
}
