using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// Where the queue keeps no order, a message names the one that it follows: whether that one is done with. It is once
/// it is recorded or lies among the dead letters; until then it is on its way, however long an outage or a backlog
/// keeps it there.
/// </summary>
internal sealed class Predecessor
{
    /// <summary>
    /// What is not there after so long is nowhere any more, and holds nobody up: an operator has thrown it away. Only
    /// time in which the database said that it is not there counts. Longer than the broker can keep a message to
    /// itself then: ten deliveries to processes that die, with a lock of a minute each.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private const int MaxSet = 64;
    private const int MaxRecorded = 20_000;
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly RecentKeys _recorded = new(MaxRecorded);
    private readonly Batcher<(InboundEvent Event, string Before), bool> _looks;
    private readonly NpgsqlDataSource _database;
    private readonly ILogger<RecordMessage> _logger;

    public Predecessor(NpgsqlDataSource database, ILogger<RecordMessage> logger)
    {
        (_database, _logger) = (database, logger);
        _looks = new(MaxSet, 1, LookAsync, TransientErrors.HitsEveryItem);
    }

    public async ValueTask<bool> IsThroughAsync(ReceivedMessage received, InboundEvent happened)
    {
        if (received.Message.Follows is not { } before) return true;
        // Mostly this process recorded it a moment ago, and nobody has to be asked.
        if (_recorded.Contains(RecordItem.KeyOf(happened.Channel, before))) return true;
        if (await _looks.AddAsync((happened, before))) return true;
        if (received.Waited < Patience) return false;
        Log.PredecessorGone(_logger, new TenantId(happened.Tenant), received.Message.Id);
        return true;
    }

    public void Recorded(RecordItem item)
    {
        if (item.Received.Message.OrderKey is not null) _recorded.Add(item.Key);
    }

    /// <summary>
    /// A quarter of what it has waited so far: mostly what comes first is through in a moment, and a customer's many
    /// messages after an outage wait for each other in turn.
    /// </summary>
    public static TimeSpan Pause(ReceivedMessage received)
    {
        TimeSpan pause = received.Waited / 4;
        return pause < LeastPause ? LeastPause : pause > LongestPause ? LongestPause : pause;
    }

    private async Task<IReadOnlyList<bool>> LookAsync(IReadOnlyList<(InboundEvent Event, string Before)> looks)
    {
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(looks.Select(l => new TenantId(l.Event.Tenant))));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select case
                when exists (
                    select from receipts r
                    where r.channel_id = l.channel_id and r.provider_message_id = l.before
                        and r.tenant_id = l.tenant_id)
                then true
                else coalesce((select a.place = 'dead_letter' from find_accepted(l.tenant_id, l.before) a), false)
                end
            from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as l (tenant_id, channel_id, before, place)
            order by l.place
            """)
            .WithColumn(looks, l => l.Event.Tenant)
            .WithColumn(looks, l => l.Event.Channel)
            .WithColumn(looks, l => l.Before));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        List<bool> through = [];
        while (await reader.ReadAsync()) through.Add(reader.GetBoolean(0));
        return through;
    }
}
