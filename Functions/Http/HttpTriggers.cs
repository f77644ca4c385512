using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Http;

/// <summary>Everything that comes over HTTP. The engine decides who may do what.</summary>
public sealed class HttpTriggers(EnginePipeline engine, RelayOutbox relay)
{
    /// <summary>Providers: needs Service Bus, and no database once the channels are in memory.</summary>
    [Function(nameof(ReceiveWebhook))]
    public Task<IResult> ReceiveWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "api/v1/webhooks/{channel}")]
        HttpRequest request) => engine.RunAsync(request.HttpContext);

    /// <summary>Every other route.</summary>
    [Function(nameof(ServeApi))]
    public async Task<IResult> ServeApi(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options",
            Route = "{*path}")]
        HttpRequest request)
    {
        IResult result = await engine.RunAsync(request.HttpContext);
        bool mayHaveWritten = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (mayHaveWritten) await relay.TryRunAsync(CancellationToken.None);
        return result;
    }
}
