using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>One step of a flow for a host that runs flows itself: advances it, and writes down what fails for good.
/// </summary>
public sealed class RunFlow
{
    private readonly AdvanceFlow _advance;
    private readonly RecordFlowFault _fault;

    internal RunFlow(AdvanceFlow advance, RecordFlowFault fault) => (_advance, _fault) = (advance, fault);

    /// <returns>
    /// How it stands, or why it does not move: then a signal or an operator has to come. Ended where there is no such
    /// flow.
    /// </returns>
    /// <exception cref="TransientFault">To be tried again.</exception>
    public async Task<FlowStanding> RunAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        try
        {
            return await AdvanceAsync(tenant, flow, cancellationToken) ?? new FlowStanding(true, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A bug in a flow is written down where its operator looks; the runner would hide it.
        catch (Exception e) when (e is not TransientFault)
#pragma warning restore CA1031
        {
            string code = (e as PermanentFault)?.Code ?? e.GetType().Name;
            await RecordAsync(tenant, flow, code, cancellationToken);
            return new FlowStanding(false, null, code);
        }
    }

    private async Task RecordAsync(TenantId tenant, FlowId flow, string code, CancellationToken cancellationToken)
    {
        try
        {
            await _fault.RunAsync(tenant, flow, code, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task<FlowStanding?> AdvanceAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        try
        {
            return await _advance.RunAsync(tenant, flow, null, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }
}
