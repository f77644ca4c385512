using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>The runner on the queue: a wake-up is a message, and one for later is due later.</summary>
internal sealed class HandleFlowEvents(
    AdvanceFlow advance, RecordFlowFault fault, IEnumerable<IFlowTask> tasks) : IMessageHandler
{
    // A wake-up by the database's clock may come a little early by ours.
    private static readonly TimeSpan AlmostDue = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AtLeast = TimeSpan.FromMilliseconds(10);

    public string Queue => Queues.FlowEvents;

    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        FlowWakeUp wakeUp = FlowWakeUp.Read(received);
        var tenant = new TenantId(wakeUp.Tenant);
        try
        {
            if (wakeUp.Flow is { } flow) await AdvanceAsync(tenant, new FlowId(flow), received, cancellationToken);
            else await wakeUp.Find(tasks).RunAsync(tenant, wakeUp.Argument, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task AdvanceAsync(
        TenantId tenant, FlowId flow, ReceivedMessage received, CancellationToken cancellationToken)
    {
        try
        {
            FlowStanding? standing = await advance.RunAsync(tenant, flow, received, cancellationToken);
            if (standing?.WakesIn is { } left && left < AlmostDue && !received.IsSettled)
                await received.DeferAsync(left < AtLeast ? AtLeast : left, "not due yet", cancellationToken);
        }
        catch (PermanentFault e)
        {
            await fault.RunAsync(tenant, flow, e.Code, cancellationToken);
            throw;
        }
        catch (PostgresException e) when (TransientErrors.Translate(e) is PermanentFault refused)
        {
            await fault.RunAsync(tenant, flow, refused.Code, cancellationToken);
            throw refused;
        }
    }
}
