using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Flows.Kernel;
using Vellarys.Functions;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>Nothing of the engine is without its trigger.</summary>
public sealed class FunctionListTests
{
    private static readonly string[] Entities = [.. Queues.All, BrokerMessage.UrgentEntity];

    [Fact]
    public void Queues_EachOne_HasItsTriggerAndItsDeadLetters() => Assert.Equal(
        Entities.Concat(Entities.Select(e => e + "/$DeadLetterQueue")).Order(StringComparer.Ordinal),
        Triggers.By<ServiceBusTriggerAttribute>(t => t.QueueName!).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Queues_EachTrigger_SettlesForItself() => Assert.All(
        Triggers.All.Values.SelectMany(m => m.GetParameters())
            .Select(p => p.GetCustomAttribute<ServiceBusTriggerAttribute>()).OfType<ServiceBusTriggerAttribute>(),
        trigger => Assert.Equal((false, "ServiceBus"), (trigger.AutoCompleteMessages, trigger.Connection)));

    [Fact]
    public void Flows_EachKind_HasItsOrchestrator()
    {
        IEnumerable<string> orchestrators = Triggers.All
            .Where(f => f.Value.GetParameters()
                .Any(p => p.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null))
            .Select(f => f.Key);
        ConfigurationManager settings = new();
        settings["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none";
        settings["ServiceBus"] = "Endpoint=sb://nowhere/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0";
        ServiceCollection services = new();
        services.AddLogging();
        services.AddVellarys(settings);
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal(
            provider.GetRequiredService<FlowCatalog>().Names.Order(StringComparer.Ordinal),
            orchestrators.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Triggers_EachMethod_IsCalledDirectlyByTheWorker() => Assert.All(
        Triggers.All.Values, m => Assert.True(m.IsPublic && m.DeclaringType!.IsPublic, m.Name));
}
