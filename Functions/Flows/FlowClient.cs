using Microsoft.DurableTask.Client;

namespace Vellarys.Functions.Flows;

/// <summary>The durable client for jobs and endpoints, which are made once: the host gives it to triggers
/// only.</summary>
public sealed class FlowClient
{
    private DurableTaskClient? _client;

    public DurableTaskClient Current =>
        _client ?? throw new TransientFault("no_durable_client", "No trigger has brought the durable client yet.");

    /// <summary>Every trigger of a process brings the same one.</summary>
    public void Use(DurableTaskClient client) => _client = client;
}
