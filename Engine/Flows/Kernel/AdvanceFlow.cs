using Npgsql;
using Vellarys.Accounts;
using Vellarys.Messaging;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// Moves one flow on: locks its row, applies what has happened to it, and writes state, commands and the next wake-up
/// in one transaction. The same on every runner, so a lost, doubled or early wake-up changes nothing.
/// </summary>
internal sealed class AdvanceFlow(
    NpgsqlDataSource database, FlowCatalog catalog, ITenantDirectory tenants, IOutbox outbox, TimeProvider time,
    FlowMetrics? metrics = null, FlowWaking? waking = null)
{
    /// <param name="wakeUp">The queue message that said to look here; settled with the step.</param>
    /// <returns>How the flow stands now; null when there is no such flow.</returns>
    /// <exception cref="PermanentFault">State or event cannot be read; the row is as it was.</exception>
    public async Task<FlowStanding?> RunAsync(
        TenantId tenant, FlowId id, ReceivedMessage? wakeUp, CancellationToken cancellationToken)
    {
        Tenant policy = await tenants.FindAsync(tenant, cancellationToken)
            ?? throw new PermanentFault("unknown_tenant", $"no tenant {tenant}");
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        (FlowRow? row, List<FlowSignal> unseen) =
            await FlowStore.LockAsync(connection, tenant, id, cancellationToken);
        if (row is null) return null;

        DateTimeOffset now = time.GetUtcNow();
        if (unseen.Count == 0 && (row.WakeAt is not { } due || due > now || row.Ended))
            return new FlowStanding(row.Ended, row.WakeAt is { } at && !row.Ended ? at - now : null);

        IFlow flow = catalog.Find(row.Name);
        FlowAdvance advance = FlowMachine.Run(flow, row, unseen, now, Ids.New(time), policy);
        await using var batch = new NpgsqlBatch(connection, transaction);
        FlowStore.Write(batch, tenant, advance, now);
        var effects = new FlowEffects(row, policy, now, batch, time);
        foreach (FlowCommand command in advance.Commands) flow.CarryOut(command, effects);
        if (advance.Row.WakeAt is { } wake && wake != row.WakeAt && waking is not { ByHost: true })
            effects.Send(WakeUp(Ids.New(time), tenant, id, wake));

        await CommitAsync(transaction, batch, effects, wakeUp, cancellationToken);
        metrics?.Advanced(tenant, row.Name, advance.Outcome);
        return new FlowStanding(advance.Row.Ended, advance.Row.WakeAt - now);
    }

    /// <summary>"Look at flow X", now or at a time.</summary>
    internal static QueueMessage WakeUp(Guid key, TenantId tenant, FlowId id, DateTimeOffset? notBefore) =>
        new(Queues.FlowEvents, key, $$"""{"v":1,"tenant":"{{tenant}}","flow":"{{id}}"}""")
        {
            Tenant = tenant,
            Subject = id.ToString(),
            NotBefore = notBefore,
        };

    private async Task CommitAsync(
        NpgsqlTransaction transaction, NpgsqlBatch batch, FlowEffects effects, ReceivedMessage? wakeUp,
        CancellationToken cancellationToken)
    {
        var sent = new List<(Reservation Reservation, List<QueueMessage> Messages)>();
        foreach (IGrouping<string, QueueMessage> queue in effects.Messages.GroupBy(m => m.Queue))
        {
            List<QueueMessage> messages = [.. queue];
            Reservation reservation = outbox.Reserve(queue.Key, messages.Count(m => m.NotBefore is null));
            batch.BatchCommands.Add(outbox.InsertCommand(messages, reservation));
            sent.Add((reservation, messages));
        }

        ReceivedMessage[] settled = wakeUp is null ? [] : [wakeUp];
        if (settled.Length > 0 && outbox.CompleteCommand(settled) is { } settle) batch.BatchCommands.Add(settle);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (sent.Count == 0) sent.Add((outbox.Reserve(Queues.FlowEvents, 0), []));
            for (int i = 0; i < sent.Count; i++)
                await outbox.CommittedAsync(sent[i].Reservation, sent[i].Messages, i == 0 ? settled : []);
        }
        finally
        {
            foreach ((Reservation reservation, _) in sent) reservation.Dispose();
        }

        foreach (Action then in effects.AfterCommit) then();
    }
}

/// <summary>How a flow stands after an advance.</summary>
/// <param name="WakesIn">How long until its wake-up; null when it waits for a signal only, or has ended.</param>
/// <param name="Fault">Why it could not be advanced; null when it was.</param>
public sealed record FlowStanding(bool Ended, TimeSpan? WakesIn, string? Fault = null);

/// <summary>Who wakes flows.</summary>
/// <param name="ByHost">The host has timers of its own; otherwise a wake-up that is due later does it.</param>
public sealed record FlowWaking(bool ByHost);
