using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vellarys.Accounts;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Realtime;

/// <summary>Seeing what happens, over HTTP.</summary>
internal static class EventEndpoints
{
    /// <summary>Live events of a tenant.</summary>
    public static void MapEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/events", EventsAsync)
        .Needs(Permissions.ReadConversations, "event.stream");

    private static async Task EventsAsync(
        HttpContext context,
        RealtimeHub hub,
        RealtimeOptions options,
        TimeProvider time,
        IHostApplicationLifetime host,
        ILogger<RealtimeStream> log)
    {
        TenantId tenant = context.Tenant();
        if (context.Caller().Kind != CallerKind.Installation) options = options.ForTokens();
        using RealtimeHub.Subscription? subscription = hub.Subscribe(
            tenant, options.MaxStreams, options.MaxStreamsPerTenant);
        if (subscription is null)
        {
            context.Response.Headers.RetryAfter = "5";
            IResult full = hub.CountOf(tenant) >= options.MaxStreamsPerTenant
                ? Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_streams_of_tenant",
                    "The tenant has as many event streams open as it may.")
                : Problems.Of(StatusCodes.Status503ServiceUnavailable, "too_many_streams",
                    "This instance keeps as many event streams open as it may.");
            await full.ExecuteAsync(context);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, host.ApplicationStopping);
        try
        {
            if (await new RealtimeStream(time, options).RunAsync(context, subscription.Reader, end.Token)) return;
            log.StreamFellBehind(tenant);
            context.Abort();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The watcher left, or this process stops and the watcher finds another.
        }
    }
}
