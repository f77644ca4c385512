using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Channels.MetaCloud;
using Vellarys.Http;

namespace Vellarys.Intake;

/// <summary>
/// Where providers call. Open to all: the signature says who calls. Never rate limited: a webhook that is turned away
/// is a customer's message put off. What counts is the signed body; its declared type is not looked at.
/// </summary>
internal static class WebhookEndpoints
{
    private const string Own = "/api/v1/webhooks/{channel}";
    private const string Alias = "/api/whatsapp/webhooks/messages";

    /// <summary>
    /// Maps the handshake (GET) and the webhook (POST) of every channel, and of Meta's app-level callback.
    /// </summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        AcceptWebhook accept = routes.ServiceProvider.GetRequiredService<AcceptWebhook>();
        AcceptWebhookRouting routing = routes.ServiceProvider.GetRequiredService<AcceptWebhookRouting>();
        MetaHandshake handshake = routes.ServiceProvider.GetRequiredService<MetaHandshake>();
        BodyBudget budget = routes.ServiceProvider.GetRequiredService<BodyBudget>();
        RouteGroupBuilder open = routes.MapGroup("").WithMetadata(new OpenToAll());
        foreach (string path in new[] { Own, Alias })
        {
            open.MapPost(path, context => PostAsync(context, accept, budget));
            open.MapGet(path, context => GetAsync(context, routing, handshake));
        }
    }

    private static string Target(HttpContext context) =>
        context.Request.RouteValues["channel"] as string ?? "meta-cloud";

    private static async Task PostAsync(HttpContext context, AcceptWebhook accept, BodyBudget budget)
    {
        WebhookOutcome outcome;
        try
        {
            outcome = await TakeAsync(context, accept, budget);
        }
        catch (Exception e) when (HasLeft(context) && e is IOException or OperationCanceledException)
        {
            // The caller left; there is nobody to answer.
            return;
        }

        using Activity? stage = AcceptWebhook.Activities.StartActivity("webhook response");
        await AcceptWebhookAnswers.WriteAsync(context, outcome);
    }

    private static async Task<WebhookOutcome> TakeAsync(HttpContext context, AcceptWebhook accept, BodyBudget budget)
    {
        IHeaderDictionary headers = context.Request.Headers;
        (WebhookTarget? to, WebhookOutcome? refusal) = await accept.LookAsync(
            Target(context), headers, context.RequestAborted);
        if (to is null) return refusal!;
        BodyRead read = await ReadAsync(context, budget);
        if (read.Body is null) return accept.Unread(to, read.Fault);
        using RequestBody body = read.Body;
        return await accept.RunAsync(to, headers, body, context.RequestAborted);
    }

    private static bool HasLeft(HttpContext context) => context.RequestAborted.IsCancellationRequested;

    /// <summary>The stage where other endpoints limit rates; here only size and time are limited.</summary>
    private static async ValueTask<BodyRead> ReadAsync(HttpContext context, BodyBudget budget)
    {
        using Activity? stage = AcceptWebhook.Activities.StartActivity("webhook rate limit");
        return await RequestBody.ReadAsync(context.Request, AcceptWebhook.MaxBytes, budget, context.RequestAborted);
    }

    private static async Task GetAsync(HttpContext context, AcceptWebhookRouting routing, MetaHandshake handshake)
    {
        try
        {
            WebhookTarget? target = await routing.FindTargetAsync(Target(context), context.RequestAborted);
            string? challenge = target?.Provider is MetaCloudProvider
                ? handshake.Answer(target.Channel, context.Request.Query)
                : null;
            if (challenge is not null)
            {
                context.Response.ContentType = "text/plain; charset=utf-8";
                context.Response.Headers.XContentTypeOptions = "nosniff";
                await context.Response.WriteAsync(challenge, context.RequestAborted);
                return;
            }

            await AcceptWebhookAnswers.ProblemAsync(
                context, StatusCodes.Status403Forbidden, "handshake_refused",
                "The handshake does not show this channel's token.");
        }
        catch (TransientFault e)
        {
            await AcceptWebhookAnswers.WriteAsync(
                context, new WebhookOutcome.Unavailable(e.RetryAfter ?? TimeSpan.FromSeconds(5)));
        }
    }
}
