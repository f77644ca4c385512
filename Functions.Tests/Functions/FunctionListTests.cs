using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Api;
using Vellarys.Flows.Kernel;
using Vellarys.Functions;
using Vellarys.Jobs;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Architecture;
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
    public async Task Flows_EachKind_HasItsOrchestrator()
    {
        IEnumerable<string> orchestrators = Triggers.All
            .Where(f => f.Value.GetParameters()
                .Any(p => p.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null))
            .Select(f => f.Key);

        Assert.Equal(
            await RegisteredAsync(p => p.GetRequiredService<FlowCatalog>().Names),
            orchestrators.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Jobs_EachOne_HasItsTimerAtItsTime() => Assert.Equal(
        JobSchedules.All.Concat(JobSchedules.Outside).Select(s => s.Timer).Order(StringComparer.Ordinal),
        Triggers.By<TimerTriggerAttribute>(t => t.Schedule).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Jobs_EachOne_IsRegisteredHere() => Assert.Equal(
        JobSchedules.All.Concat(JobSchedules.Outside).Select(s => s.Name).Order(StringComparer.Ordinal),
        await RegisteredAsync(p => p.GetServices<IJob>().Select(j => j.Name)));

    [Fact]
    public void Readme_NumberOfFunctions_IsTheirs() => Assert.Contains(
        $"{Triggers.All.Count} functions now", Sources.All.Single(f => f.Path == "README.md").Text,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Start_WithoutAKey_IsRefused(string environment)
    {
        ConfigurationManager settings = new();
        settings["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none";
        settings["ServiceBus"] = "Endpoint=sb://nowhere/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0";
        settings["AZURE_FUNCTIONS_ENVIRONMENT"] = environment;
        settings["Api:AllowKeyless"] = "true";
        ServiceCollection services = new();
        services.AddLogging();
        SettingsCheck check = services.AddVellarys(settings);
        await using ServiceProvider provider = services.BuildServiceProvider();

        StartRefused refused = Assert.Throws<StartRefused>(() => check.Finish(provider));

        Assert.Contains(refused.Mistakes, m => m.Contains("VELLARYS_API_KEY", StringComparison.Ordinal));
        bool isStandIn = environment != "Development"
            && typeof(ServiceBusTriggerAttribute).Assembly == typeof(Composition).Assembly;
        Assert.Equal(isStandIn ? 2 : 1, refused.Mistakes.Count);
    }

    [Fact]
    public void Triggers_EachMethod_IsCalledDirectlyByTheWorker() => Assert.All(
        Triggers.All.Values, m => Assert.True(m.IsPublic && m.DeclaringType!.IsPublic, m.Name));

    private static async Task<string[]> RegisteredAsync(Func<IServiceProvider, IEnumerable<string>> names)
    {
        ConfigurationManager settings = new();
        settings["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none";
        settings["ServiceBus"] = "Endpoint=sb://nowhere/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0";
        ServiceCollection services = new();
        services.AddLogging();
        services.AddVellarys(settings);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return [.. names(provider).Order(StringComparer.Ordinal)];
    }
}
