using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Webhooks;

/// <summary>
/// Tells one endpoint of one event, at least once and always under the event's own id: what breaks off between the call
/// and its entry in the books is made again. The row counts the attempts, not the queue.
/// </summary>
internal sealed class DeliverWebhook(
    DeliverWebhookStore store, CallWebhook call, EndpointPlaces places, FanOutEvent fanOut, WebhookOptions options,
    ILogger<DeliverWebhook> logger) : IMessageHandler
{
    private static readonly TimeSpan PlaceSoon = TimeSpan.FromSeconds(1);

    public string Queue => Queues.WebhookDelivery;

    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        WebhookDue due = QueueBody.Read(received, WebhookDueJson.Default.WebhookDue, b => b.V);
        try
        {
            if (due.Endpoint is { } endpoint) await DeliverAsync(received, due, endpoint, cancellationToken);
            else await fanOut.RunAsync(new TenantId(due.Tenant), due.Event, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task DeliverAsync(
        ReceivedMessage received, WebhookDue due, Guid endpoint, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(due, cancellationToken) is not { State: "pending" } delivery) return;
        if (!delivery.IsActive)
        {
            await store.HoldAsync(due, cancellationToken);
        }
        else if (delivery.Trial is { } trial && trial != due.Event)
        {
            await store.WaitAsync(due, cancellationToken);
        }
        else if (!places.Enter(endpoint))
        {
            // The trial of one that is down is nobody else's to begin.
            if (delivery.Trial is null) await store.WaitAsync(due, cancellationToken);
            else await received.DeferAsync(PlaceSoon, "a call of the endpoint is still under way", cancellationToken);
        }
        else
        {
            await CallAsync(received, due, delivery, endpoint, cancellationToken);
        }
    }

    private async Task CallAsync(
        ReceivedMessage received, WebhookDue due, StoredDelivery delivery, Guid endpoint,
        CancellationToken cancellationToken)
    {
        CallOutcome? outcome = null;
        try
        {
            outcome = await call.RunAsync(
                new Uri(delivery.Url), due.Event, WebhookPayload.Of(delivery), delivery.Secrets, cancellationToken);
        }
        finally
        {
            places.Leave(endpoint, outcome);
        }

        TimeSpan? pause = outcome.IsTaken
            ? null
            : RetryPause.After(
                delivery.Attempts + 1, options.Delays, outcome.RetryAfter, Random.Shared.NextDouble());
        string state = outcome.IsTaken ? "delivered" : pause is null ? "dead" : "pending";
        SettledDelivery settled = await store.SettleAsync(due, state, outcome, pause, cancellationToken);
        if (settled.Notice is { } told) Log.EndpointFails(logger, new TenantId(due.Tenant), endpoint, told);
        if (outcome.IsTaken) return;
        Log.NotTaken(logger, new TenantId(due.Tenant), endpoint, due.Event, delivery.Attempts + 1, outcome.Reason!);
        if (settled.State == "dead")
            await received.DeadLetterAsync(
                "webhook_not_taken", $"the endpoint did not take it: {outcome.Reason}", cancellationToken);
        else if (settled is { State: "pending", Pause: { } next })
            await received.DeferAsync(next, outcome.Reason!, cancellationToken);
    }
}
