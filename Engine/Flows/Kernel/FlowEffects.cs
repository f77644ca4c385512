using Npgsql;
using Vellarys.Accounts;
using Vellarys.Messaging;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// The open transaction of one advance, as the commands see it: statements to run in it, messages to send with it, and
/// what to do once it is committed.
/// </summary>
internal sealed class FlowEffects
{
    private readonly NpgsqlBatch _batch;
    private readonly TimeProvider _time;

    internal FlowEffects(FlowRow row, Tenant tenant, DateTimeOffset now, NpgsqlBatch batch, TimeProvider time)
    {
        (Flow, Conversation, Contact) = (row.Id, row.Conversation, row.Contact);
        (Tenant, Now, _batch, _time) = (tenant, now, batch, time);
    }

    public FlowId Flow { get; }

    /// <summary>The conversation that the flow is about.</summary>
    public ConversationId Conversation { get; }

    public Guid Contact { get; }

    public Tenant Tenant { get; }

    /// <summary>The time of the advance (UTC).</summary>
    public DateTimeOffset Now { get; }

    internal List<QueueMessage> Messages { get; } = [];

    internal List<Action> AfterCommit { get; } = [];

    /// <summary>A key for a row that a command makes.</summary>
    public Guid NewId() => Ids.New(_time);

    /// <summary>Runs with the step's own statements: all or none.</summary>
    public void Run(NpgsqlBatchCommand statement) => _batch.BatchCommands.Add(statement);

    /// <summary>Goes into the outbox with the step.</summary>
    public void Send(QueueMessage message) => Messages.Add(message);

    /// <summary>A word to the pages that watch; lost when the process dies here.</summary>
    public void Then(Action afterCommit) => AfterCommit.Add(afterCommit);
}
