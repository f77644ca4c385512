using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Channels;
using Vellarys.Http;
using Vellarys.Intake.Unrouted;
using Vellarys.Messaging;

namespace Vellarys.Intake;

/// <summary>
/// Takes a provider's webhook: the signature on the raw bytes, the items, one durable queue message for each. Touches
/// no database but the queue's. All or nothing: what is not accepted is queued in no part, and the provider sends it
/// again.
/// </summary>
internal sealed class AcceptWebhook(
    AcceptWebhookRouting routing, IMessageQueue queue, IUnroutedEvents unrouted, IntakeBacklog backlog,
    IntakeOptions intake, AcceptWebhookMetrics metrics, ICrashPoints crashPoints, TimeProvider time,
    ILogger<AcceptWebhook> logger)
{
    /// <summary>The largest body that a provider sends (Meta), in bytes.</summary>
    internal const int MaxBytes = 3 * 1_024 * 1_024;

    /// <summary>What reading a body takes, in bytes for each of its own: values, texts, envelopes.</summary>
    private const int Unfolding = 8;

    internal static readonly ActivitySource Activities = new("Vellarys.Conversations");
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Before a byte of the body is read: does the path lead to a channel, and does the request look signed? Then the
    /// target, otherwise the refusal.
    /// </summary>
    /// <param name="target">A channel's id, or the kind of a provider whose app serves many numbers.</param>
    internal async ValueTask<(WebhookTarget? To, WebhookOutcome? Refusal)> LookAsync(
        string target, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        try
        {
            WebhookTarget? to = await routing.FindTargetAsync(target, cancellationToken);
            if (to is null) return (null, Refused("none", new WebhookOutcome.UnknownChannel(), "unknown_channel"));
            // Not the caller's fault: nobody can tell whether it signs right, until an operator mends the keys.
            if (to.Channel is { SecretFault: not null })
            {
                var later = new WebhookOutcome.Unavailable(RetryAfter);
                return (null, Refused(to.Provider.Kind, later, "secrets_unreadable"));
            }

            return to.Provider.LooksSigned(to.Channel, headers)
                ? (to, null)
                : (null, Refused(to.Provider.Kind, new WebhookOutcome.Unauthorized(), "unauthorized"));
        }
        catch (TransientFault e)
        {
            return (null, PutOff(Provider(target), e));
        }
    }

    /// <param name="body">Read before this returns, never after.</param>
    internal async Task<WebhookOutcome> RunAsync(
        WebhookTarget to, IHeaderDictionary headers, RequestBody body, CancellationToken cancellationToken)
    {
        if (!IsAuthentic(to, headers, body.Bytes.Span))
            return Refused(to.Provider.Kind, new WebhookOutcome.Unauthorized(), "unauthorized");
        if (!body.TryCharge((long)body.Bytes.Length * Unfolding)) return Unread(to, BodyFault.NoRoom);
        try
        {
            return await HandleAsync(to, body.Bytes, cancellationToken);
        }
        catch (TransientFault e)
        {
            return PutOff(to.Provider.Kind, e);
        }
    }

    /// <summary>The body could not be read.</summary>
    internal WebhookOutcome Unread(WebhookTarget to, BodyFault fault)
    {
        string provider = to.Provider.Kind;
        return fault switch
        {
            BodyFault.TooLarge => Refused(provider, new WebhookOutcome.TooLarge(), "too_large"),
            BodyFault.TooSlow => Refused(provider, new WebhookOutcome.TooSlow(), "too_slow"),
            BodyFault.NoRoom => Refused(provider, new WebhookOutcome.Unavailable(RetryAfter), "no_room"),
            _ => Refused(
                provider,
                new WebhookOutcome.Malformed("$", "ended before its declared length, or is badly framed"),
                "malformed"),
        };
    }

    private WebhookOutcome.Unavailable PutOff(string provider, TransientFault e)
    {
        Log.WebhookPutOff(logger, provider, e.Code, e);
        metrics.Refused(provider, "unavailable");
        return new WebhookOutcome.Unavailable(e.RetryAfter ?? RetryAfter);
    }

    private static bool IsAuthentic(WebhookTarget to, IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        using Activity? stage = Activities.StartActivity("webhook security");
        bool isAuthentic = to.Provider.IsAuthentic(to.Channel, headers, body);
        if (!isAuthentic) stage?.SetStatus(ActivityStatusCode.Error, "unauthorized");
        return isAuthentic;
    }

    private async Task<WebhookOutcome> HandleAsync(
        WebhookTarget to, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using Activity? stage = Activities.StartActivity("webhook handler");
        string provider = to.Provider.Kind;
        IReadOnlyList<WebhookItem> items;
        try
        {
            items = to.Provider.Read(to.Channel, body, time.GetUtcNow()).Items;
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
            cancellationToken.ThrowIfCancellationRequested();
            WebhookRoute route = await routing.FindRouteAsync(to, item, cancellationToken);
            if (route.Channel is { } channel) envelopes.Add(channel, item.Event);
            else nowhere.Add(to.Keep(item, route.Reason));
        }

        if (backlog.Refuses(envelopes.Messages) is { } later)
            return Refused(provider, new WebhookOutcome.Unavailable(later), "backlog");
        if (nowhere.Count > 0 && await KeepAsync(provider, nowhere, envelopes.Messages, cancellationToken) is { } full)
            return full;
        crashPoints.Reach("accept:before-enqueue");
        if (envelopes.Messages.Count > 0) await queue.SendAsync(envelopes.Messages, cancellationToken);
        crashPoints.Reach("accept:after-enqueue");
        backlog.Add(envelopes.Messages);
        metrics.Accepted(provider, envelopes.Messages.Count);
        if (nowhere.Count > 0) ReportUnrouted(provider, nowhere.Count, nowhere[0].Address);
        return new WebhookOutcome.Accepted(envelopes.Messages.Count);
    }

    /// <summary>
    /// Beyond its room the provider keeps what may find its channel yet, and sends it again; but nobody waits for that
    /// who has a channel, and what no channel will take is only counted, as is what had to make room.
    /// </summary>
    private async Task<WebhookOutcome?> KeepAsync(
        string provider, List<UnroutedEvent> nowhere, IReadOnlyList<QueueMessage> routed,
        CancellationToken cancellationToken)
    {
        (IReadOnlyList<UnroutedEvent> over, int displaced) = await unrouted.KeepAsync(nowhere, cancellationToken);
        if (displaced > 0)
        {
            metrics.NotKept(provider, displaced);
            Log.UnroutedDisplaced(logger, displaced);
        }

        if (over.Count == 0) return null;
        if (routed.Count == 0 && over.Any(e => e.MayBeRouted))
            return Refused(provider, new WebhookOutcome.Unavailable(intake.RetryAfter), "unrouted_full");
        metrics.NotKept(provider, over.Count);
        Log.WebhookNotKept(logger, over.Count, provider);
        return null;
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
