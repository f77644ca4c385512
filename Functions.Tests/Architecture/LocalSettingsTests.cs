using System.Text.Json;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>The files of a local run name what the code names.</summary>
public sealed class LocalSettingsTests
{
    [Fact]
    public void Emulator_Queues_AreThoseOfTheEngine()
    {
        using JsonDocument emulator = Read("infra/local/servicebus.json");
        JsonElement queues = emulator.RootElement.GetProperty("UserConfig").GetProperty("Namespaces")[0]
            .GetProperty("Queues");

        Assert.Equal(
            [.. Queues.All, BrokerMessage.UrgentEntity],
            queues.EnumerateArray().Select(q => q.GetProperty("Name").GetString()!));
        Assert.All(queues.EnumerateArray(), q => Assert.Equal(
            (false, true, 10),
            (q.GetProperty("Properties").GetProperty("RequiresSession").GetBoolean(),
                q.GetProperty("Properties").GetProperty("RequiresDuplicateDetection").GetBoolean(),
                q.GetProperty("Properties").GetProperty("MaxDeliveryCount").GetInt32())));
    }

    [Fact]
    public void HostJson_Routes_HaveNoPrefix()
    {
        using JsonDocument host = Read("host.json");
        Assert.Equal(
            "", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
    }

    [Fact]
    public void SampleSettings_HoldNoSecret()
    {
        using JsonDocument sample = Read("local.settings.sample.json");
        JsonElement values = sample.RootElement.GetProperty("Values");
        string[] secrets = ["VELLARYS_API_KEY", "OPENAI_API_KEY", "META_APP_SECRET", "META_VERIFY_TOKEN"];
        Assert.All(secrets, name => Assert.Equal("", values.GetProperty(name).GetString()));
    }

    private static JsonDocument Read(string path) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root, path)));
}
