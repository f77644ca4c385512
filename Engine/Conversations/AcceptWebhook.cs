using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Conversations;

/// <summary>
/// Takes a provider's webhook: the signature on the raw bytes, the items, one durable queue message for each. Touches
/// no database but the queue's. All or nothing: what is not accepted is queued in no part, and the provider sends it
/// again.
/// </summary>
public sealed class AcceptWebhook(
    AcceptWebhookRouting routing, IMessageQueue queue, IUnroutedEvents unrouted, AcceptWebhookMetrics metrics,
    ICrashPoints crashPoints, TimeProvider time, ILogger<AcceptWebhook> logger)
{
    internal static readonly ActivitySource Activities = new("Vellarys.Conversations");
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <param name="target">A channel's id, or the kind of a provider whose app serves many numbers.</param>
    /// <param name="body">Read before this returns, never after.</param>
    public async Task<WebhookOutcome> RunAsync(
        string target, IHeaderDictionary headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            WebhookTarget? to = await routing.FindTargetAsync(target, cancellationToken);
            if (to is null) return Refused("none", new WebhookOutcome.UnknownChannel(), "unknown_channel");
            if (!IsAuthentic(to, headers, body.Span))
                return Refused(to.Channel.Kind, new WebhookOutcome.Unauthorized(), "unauthorized");
            return await HandleAsync(to, body, cancellationToken);
        }
        catch (TransientFault e)
        {
            Log.WebhookPutOff(logger, Provider(target), e.Code, e);
            metrics.Refused(Provider(target), "unavailable");
            return new WebhookOutcome.Unavailable(e.RetryAfter ?? RetryAfter);
        }
    }

    private static bool IsAuthentic(WebhookTarget to, IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        using Activity? stage = Activities.StartActivity("webhook security");
        bool isAuthentic = to.Channel.IsAuthentic(to.Account, headers, body);
        if (!isAuthentic) stage?.SetStatus(ActivityStatusCode.Error, "unauthorized");
        return isAuthentic;
    }

    private async Task<WebhookOutcome> HandleAsync(
        WebhookTarget to, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using Activity? stage = Activities.StartActivity("webhook handler");
        string provider = to.Channel.Kind;
        IReadOnlyList<WebhookItem> items;
        try
        {
            items = to.Channel.Read(to.Account, body, time.GetUtcNow()).Items;
        }
        catch (MalformedWebhook e)
        {
            stage?.SetStatus(ActivityStatusCode.Error, "malformed");
            return Refused(provider, new WebhookOutcome.Malformed(e.Field, e.Reason), "malformed");
        }

        var envelopes = new AcceptWebhookEnvelopes(time);
        var nowhere = new List<UnroutedEvent>();
        foreach (WebhookItem item in items)
        {
            if (await routing.FindChannelAsync(to, item, cancellationToken) is { } account)
            {
                envelopes.Add(account, item.Event);
            }
            else
            {
                nowhere.Add(to.Keep(item));
            }
        }

        if (nowhere.Count > 0) await unrouted.KeepAsync(nowhere, cancellationToken);
        crashPoints.Reach("accept:before-enqueue");
        if (envelopes.Messages.Count > 0) await queue.SendAsync(envelopes.Messages, cancellationToken);
        crashPoints.Reach("accept:after-enqueue");
        metrics.Accepted(provider, envelopes.Messages.Count);
        if (nowhere.Count > 0) ReportUnrouted(provider, nowhere.Count, nowhere[0].Address);
        return new WebhookOutcome.Accepted(envelopes.Messages.Count);
    }

    /// <summary>Found again by the hash: an operator who knows the number's key can compute it.</summary>
    private void ReportUnrouted(string provider, int count, string address)
    {
        metrics.Unrouted(provider, count);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, 4));
        Log.WebhookUnrouted(logger, count, provider, hash);
    }

    private WebhookOutcome Refused(string provider, WebhookOutcome outcome, string reason)
    {
        metrics.Refused(provider, reason);
        Log.WebhookRefused(logger, provider, reason);
        return outcome;
    }

    /// <summary>A path can hold anything; a log and a metric's tag must not.</summary>
    private static string Provider(string target) => Guid.TryParse(target, out _) ? "channel" : "app";
}
