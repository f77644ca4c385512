using System.Diagnostics;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Moq;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Vellarys.Functions;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>What the app's traces are tied to.</summary>
public sealed class TelemetryTests
{
    private const string HostTrace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public void Invocation_OfTheWorker_IsListenedToAndCarriesTheHostsTrace()
    {
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(Telemetry.Sources).Build();
        using ActivitySource ours = new("Vellarys.Jobs");

        using Activity? invocation = StartAsTheWorkerDoes();
        using Activity? job = ours.StartActivity("job");

        Assert.Equal(HostTrace, job?.TraceId.ToHexString());
        Assert.Equal(invocation?.SpanId, job?.ParentSpanId);
    }

    [Fact]
    public void HostJson_DurableTracing_IsTheOneThatDurableDoesNotWarnOf() => Assert.Equal(
        ("True", "V2"),
        (HostJson.Root["extensions:durableTask:tracing:distributedTracingEnabled"],
            HostJson.Root["extensions:durableTask:tracing:version"]));

    // The worker's own way to its span is internal: a newer one that renames its source shows here.
    private static Activity? StartAsTheWorkerDoes()
    {
        Mock<TraceContext> trace = new();
        trace.Setup(t => t.TraceParent).Returns($"00-{HostTrace}-b7ad6b7169203331-01");
        trace.Setup(t => t.TraceState).Returns("");
        Mock<FunctionDefinition> definition = new();
        definition.Setup(d => d.Name).Returns("JobRelayOutbox");
        Mock<FunctionContext> context = new() { DefaultValue = DefaultValue.Mock };
        context.Setup(c => c.TraceContext).Returns(trace.Object);
        context.Setup(c => c.FunctionDefinition).Returns(definition.Object);
        context.Setup(c => c.InvocationId).Returns("invocation");
        context.SetupProperty(c => c.Items, new Dictionary<object, object>());
        Type provider = typeof(FunctionContext).Assembly.GetType(
            "Microsoft.Azure.Functions.Worker.Diagnostics.TelemetryProvider", throwOnError: true)!;
        const BindingFlags any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic
            | BindingFlags.Public;
        object worker = provider.GetMethod("Create", any, [typeof(string)])!.Invoke(null, [null])!;
        return (Activity?)provider.GetMethod("StartActivityForInvocation", any)!.Invoke(worker, [context.Object]);
    }
}
