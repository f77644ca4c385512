using Vellarys.Messaging;

namespace Vellarys.Webhooks;

/// <summary>A call whose message is given up is not pending any more, whatever it was given up for.</summary>
internal sealed class BuryDelivery(DeliverWebhookStore store) : IDeadLetterHook
{
    public string Queue => Queues.WebhookDelivery;

    public async Task RunAsync(QueueMessage dead, string code, CancellationToken cancellationToken)
    {
        if (QueueBody.TryRead(dead.Body, WebhookDueJson.Default.WebhookDue) is { Endpoint: not null } due)
            await store.BuryAsync(due, cancellationToken);
    }
}
