using Microsoft.DurableTask.Client;
using Vellarys.Messaging;

namespace Vellarys.Functions.Flows;

/// <summary>A <c>flow-events</c> message: a task is run, a flow's instance is told or started.</summary>
internal sealed class LookAtFlow(FlowInstances flows, DurableTaskClient client) : IMessageHandler
{
    public string Queue => Queues.FlowEvents;

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        flows.HandleAsync(client, received, cancellationToken);
}
