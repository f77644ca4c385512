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
    DeliverWebhookStore store, CallWebhook call, EndpointPlaces places, WebhookOptions options,
    ILogger<DeliverWebhook> logger) : IMessageHandler
{
    public string Queue => Queues.WebhookDelivery;

    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        WebhookDue due = QueueBody.Read(received, WebhookDueJson.Default.WebhookDue, b => b.V);
        if (places.Enter(due.Endpoint) is { } wait)
        {
            await received.DeferAsync(wait, "the endpoint has as many calls as it may", cancellationToken);
            return;
        }

        CallOutcome? outcome = null;
        try
        {
            if (await store.FindAsync(due, cancellationToken) is not { State: not "delivered" } delivery) return;
            if (!delivery.IsActive)
            {
                await store.HoldAsync(due, cancellationToken);
                return;
            }

            outcome = await call.RunAsync(
                new Uri(delivery.Url), due.Event, WebhookPayload.Of(delivery), delivery.Secrets, cancellationToken);
            await SettleAsync(received, due, delivery, outcome, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
        finally
        {
            places.Leave(due.Endpoint, outcome);
        }
    }

    private async Task SettleAsync(
        ReceivedMessage received, WebhookDue due, StoredDelivery delivery, CallOutcome outcome,
        CancellationToken cancellationToken)
    {
        TimeSpan? pause = outcome.IsTaken
            ? null
            : RetryPause.After(
                delivery.Attempts + 1, options.Delays, outcome.RetryAfter, Random.Shared.NextDouble());
        string state = outcome.IsTaken ? "delivered" : pause is null ? "dead" : "pending";
        if (await store.SettleAsync(due, state, outcome, pause, cancellationToken) is { } told)
            Log.EndpointFails(logger, new TenantId(due.Tenant), due.Endpoint, told);
        if (outcome.IsTaken) return;
        Log.NotTaken(logger, new TenantId(due.Tenant), due.Endpoint, due.Event, delivery.Attempts + 1, outcome.Reason!);
        if (pause is { } next) await received.DeferAsync(next, outcome.Reason!, cancellationToken);
        else
            await received.DeadLetterAsync(
                "webhook_not_taken", $"the endpoint did not take it: {outcome.Reason}", cancellationToken);
    }
}
