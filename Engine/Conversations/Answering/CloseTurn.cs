using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Ends a turn that no answer can or need be given to, before a model is paid for it: the customer withdrew every word,
/// or the provider's window closed before the message came in, and then a person is called.
/// </summary>
public sealed class CloseTurn(
    NpgsqlDataSource database, IOutbox outbox, IChannelDirectory directory, IEnumerable<IProvider> providers)
{
    private static readonly string Sql = EngineSql.Of<CloseTurn>("close-turn.sql");
    private readonly Dictionary<string, IProvider> _channels = providers.ToDictionary(c => c.Kind);

    /// <summary>Null when the turn is to be answered; false when it is no longer ours to settle.</summary>
    internal async Task<bool?> TryAsync(
        TurnDue due, LoadedTurn turn, ReceivedMessage received, CancellationToken cancellationToken)
    {
        if (turn.IsWithdrawn)
            return await CommitAsync(due, turn, received, new("ignored", "withdrawn", null), cancellationToken);
        if (turn.InWindow || !await HasWindowAsync(turn, cancellationToken)) return null;
        return await CommitAsync(
            due, turn, received, new("failed", "window_closed", "window_closed"), cancellationToken);
    }

    private async Task<bool> HasWindowAsync(LoadedTurn turn, CancellationToken cancellationToken)
    {
        Channel? channel = await directory.FindAsync(new ChannelId(turn.Channel), cancellationToken);
        return channel is not null && _channels.TryGetValue(channel.Kind, out IProvider? provider)
            && provider.HasServiceWindow;
    }

    private async Task<bool> CommitAsync(
        TurnDue due, LoadedTurn turn, ReceivedMessage received, Ending ending, CancellationToken cancellationToken)
    {
        using Reservation none = outbox.Reserve(Queues.MessageDelivery, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(due.Tenant)
            .With(due.Conversation)
            .With(due.Turn)
            .With(turn.Epoch)
            .With(ending.Outcome)
            .With(ending.Reason)
            .With(ending.Handoff));
        if (outbox.CompleteCommand([received]) is { } settle) batch.BatchCommands.Add(settle);
        bool isClosed;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            isClosed = await reader.ReadAsync(cancellationToken);
        }

        await outbox.CommittedAsync(none, [], [received]);
        return isClosed;
    }

    /// <param name="Handoff">Why a person is called; null where nobody needs to be.</param>
    private sealed record Ending(string Outcome, string Reason, string? Handoff);
}
