using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Vellarys.Channels.Gateways;

namespace Vellarys.Intake;

/// <summary>
/// The address of a channel's callback. Providers that can neither sign nor send a header show the channel's secret as
/// the part behind its id; some add the event's name to whatever address they are given.
/// </summary>
internal static class WebhookPath
{
    public const string OfChannel = "/api/v1/webhooks/{channel}";

    /// <summary>With the secret behind it, and what gateways append: the event's name, the message's kind.</summary>
    public static IReadOnlyList<string> WithToken { get; } =
        [OfChannel + "/{token}", OfChannel + "/{token}/{event}", OfChannel + "/{token}/{event}/{type}"];

    /// <summary>
    /// The secret goes where providers with headers put it, and out of the path, which logs and traces write down.
    /// </summary>
    public static void HideToken(HttpContext context)
    {
        if (context.Request.RouteValues["token"] is not string token) return;
        if (!context.Request.Headers.ContainsKey(WebhookToken.Header))
            context.Request.Headers[WebhookToken.Header] = token;
        context.Request.RouteValues["token"] = "-";
        string hidden = $"/api/v1/webhooks/{context.Request.RouteValues["channel"]}/-";
        context.Request.Path = hidden;
        Activity.Current?.SetTag("url.path", hidden);
    }
}
