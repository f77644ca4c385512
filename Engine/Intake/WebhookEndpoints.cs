using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Http;

namespace Vellarys.Intake;

/// <summary>
/// Where providers call. Open to all: the signature says who calls. Never rate limited: a webhook that is turned away
/// is a customer's message put off. What counts is the signed body; its declared type is not looked at.
/// </summary>
internal static class WebhookEndpoints
{
    /// <summary>
    /// Maps the handshake (GET) and the webhook (POST) of every channel, and of callbacks that providers
    /// have beside.
    /// </summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        AcceptWebhook accept = routes.ServiceProvider.GetRequiredService<AcceptWebhook>();
        AcceptWebhookRouting routing = routes.ServiceProvider.GetRequiredService<AcceptWebhookRouting>();
        BodyBudget budget = routes.ServiceProvider.GetRequiredService<BodyBudget>();
        RouteGroupBuilder open = routes.MapGroup("").WithMetadata(new OpenToAll());
        foreach (string path in routing.OwnPaths.Prepend(WebhookPath.OfChannel))
        {
            RequestDelegate post = context => PostAsync(context, Target(context, path), accept, budget);
            RequestDelegate get = context => GetAsync(context, Target(context, path), routing);
            // Their methods bring them into the API's description, which knows handlers by them.
            open.MapPost(path, post).WithMetadata(post.Method);
            open.MapGet(path, get).WithMetadata(get.Method);
        }

        RequestDelegate shown = context =>
        {
            WebhookPath.HideToken(context);
            return PostAsync(context, Target(context, ""), accept, budget);
        };
        foreach (string path in WebhookPath.WithToken) open.MapPost(path, shown).WithMetadata(shown.Method);
    }

    private static string Target(HttpContext context, string path) =>
        context.Request.RouteValues["channel"] as string ?? path;

    private static async Task PostAsync(
        HttpContext context, string target, AcceptWebhook accept, BodyBudget budget)
    {
        WebhookOutcome outcome;
        try
        {
            outcome = await TakeAsync(context, target, accept, budget);
        }
        catch (Exception e) when (HasLeft(context) && e is IOException or OperationCanceledException)
        {
            // The caller left; there is nobody to answer.
            return;
        }

        using Activity? stage = AcceptWebhook.Activities.StartActivity("webhook response");
        await AcceptWebhookAnswers.WriteAsync(context, outcome);
    }

    private static async Task<WebhookOutcome> TakeAsync(
        HttpContext context, string target, AcceptWebhook accept, BodyBudget budget)
    {
        IHeaderDictionary headers = context.Request.Headers;
        (WebhookTarget? to, WebhookOutcome? refusal) = await accept.LookAsync(
            target, headers, context.RequestAborted);
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

    private static async Task GetAsync(HttpContext context, string name, AcceptWebhookRouting routing)
    {
        try
        {
            WebhookTarget? target = await routing.FindTargetAsync(name, context.RequestAborted);
            string? challenge = target?.Provider.AnswerHandshake(target.Channel, context.Request.Query);
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
