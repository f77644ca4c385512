using System.Text.Json;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Intake.Unrouted;

/// <summary>Events without a channel, in a table of no tenant; what an operator sees of them.</summary>
internal sealed class UnroutedEvents(NpgsqlDataSource database, TimeProvider time, IntakeOptions options)
    : IUnroutedEvents
{
    private readonly UnroutedRoom _room = new(database, options, time);

    public async Task<UnroutedOutcome> KeepAsync(
        IReadOnlyList<UnroutedEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            (IReadOnlyList<UnroutedEvent> taken, int displaced) = await _room.TakeAsync(events, cancellationToken);
            if (taken.Count > 0) await InsertAsync(taken, cancellationToken);
            var kept = new HashSet<UnroutedEvent>(taken, ReferenceEqualityComparer.Instance);
            return new([.. events.Where(e => !kept.Contains(e))], displaced);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task InsertAsync(IReadOnlyList<UnroutedEvent> events, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            insert into unrouted_events
                (id, provider, address, event_id, kind, type, reason, only_for, body, received_at)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::uuid[], $9::text[], $10::timestamptz[])
            on conflict do nothing
            """)
            .WithColumn(events, _ => Ids.New(time))
            .WithColumn(events, e => e.Provider)
            .WithColumn(events, e => e.Address)
            .WithColumn(events, e => e.Event.EventId)
            .WithColumn(events, e => e.Event.Kind.ToString())
            .WithColumn(events, e => e.Event.Type)
            .WithColumn(events, e => e.Reason)
            .WithColumn(events, e => e.OnlyFor?.Value)
            .WithColumn(events, e => AcceptWebhookEnvelopes.Serialize(e.Event))
            .WithColumn(events, e => e.Event.ReceivedAt.UtcDateTime));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Newest first, without their bodies, which hold personal data.</summary>
    public async Task<IReadOnlyList<UnroutedRow>> ListAsync(
        DateTime? beforeAt, Guid? beforeId, int rows, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            select id, provider, address, kind, type, reason, received_at
            from unrouted_events
            where $1::timestamptz is null or (received_at, id) < ($1, $2)
            order by received_at desc, id desc
            limit $3
            """)
            .With(beforeAt).With(beforeId).With(rows));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        var list = new List<UnroutedRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            list.Add(new UnroutedRow(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), reader.GetDateTime(6)));
        }

        return list;
    }

    /// <summary>The event as it was read; null when there is none.</summary>
    public async Task<JsonElement?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("select body from unrouted_events where id = $1");
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(cancellationToken) is string body ? JsonElement.Parse(body) : null;
    }

    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("delete from unrouted_events where id = $1");
        command.Parameters.AddWithValue(id);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <param name="most">Counted no further.</param>
    public async Task<long> CountAsync(int most, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "select count(*) from (select from unrouted_events limit $1) u");
        command.Parameters.AddWithValue((long)most);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <summary>One of them in a list.</summary>
internal sealed record UnroutedRow(
    Guid Id, string Provider, string Address, string Kind, string Type, string Reason, DateTime ReceivedAt);
