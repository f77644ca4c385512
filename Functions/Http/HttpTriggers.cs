using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Vellarys.Functions.Flows;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Http;

/// <summary>Everything that comes over HTTP. The engine decides who may do what.</summary>
public sealed class HttpTriggers(EnginePipeline engine, RelayOutbox relay, FlowClient flows, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Providers: needs Service Bus, and no database once the channels are in memory.</summary>
    [Function(nameof(ReceiveWebhook))]
    public Task<IResult> ReceiveWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "api/v1/webhooks/{channel}/{*token}")]
        HttpRequest request, CancellationToken cancellationToken) =>
        engine.RunAsync(request.HttpContext, cancellationToken);

    /// <summary>Every other route.</summary>
    [Function(nameof(ServeApi))]
    public async Task<IResult> ServeApi(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options",
            Route = "{*path}")]
        HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        flows.Use(client);
        // Asked first: once its caller has left, there may be no request to ask.
        bool mayHaveWritten = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        IResult result = await engine.RunAsync(request.HttpContext, cancellationToken);
        if (mayHaveWritten) await RelayAsync();
        return result;
    }

    // The answer is written; its caller must not wait for a broker that is away. The job relays what is left.
    private async Task RelayAsync()
    {
        using CancellationTokenSource patience = new(Patience, time);
        await relay.TryRunAsync(patience.Token);
    }
}
