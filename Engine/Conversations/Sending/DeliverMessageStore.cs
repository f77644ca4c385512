using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending;

/// <summary>The statements behind <see cref="DeliverMessage"/>.</summary>
public sealed class DeliverMessageStore(
    NpgsqlDataSource database, IOutbox outbox, ICrashPoints crashPoints, TimeProvider time)
{
    /// <summary>What may have reached the customer is sent once more, marked, and never again.</summary>
    private const int MostSends = 2;
    private const int MostInterrupted = 5;

    private const string LeavingSql =
        """
        update deliveries set reason = 'leaving'
        where tenant_id = $1 and message_id = $2 and claim_id = $3 and state = 'sending'
        """;

    private static readonly string ClaimSql = EngineSql.Of<DeliverMessage>("deliver-claim.sql");
    private static readonly string SettleSql = EngineSql.Of<DeliverMessage>("deliver-settle.sql");
    private static readonly string ResumeSql = EngineSql.Of<DeliverMessage>("deliver-resume.sql");

    internal async Task<IReadOnlyList<ClaimResult>> ClaimAsync(IReadOnlyList<DeliveryDue> dues)
    {
        Guid[] claims = [.. dues.Select(_ => Ids.New(time))];
        int ordinal = 0;
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(dues.Select(d => new TenantId(d.Tenant))));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ClaimSql)
            .WithColumn(dues, _ => ordinal++)
            .WithColumn(dues, d => d.Tenant)
            .WithColumn(dues, d => d.Message)
            .With(claims));

        long askedAt = time.GetTimestamp();
        crashPoints.Reach("deliver:before-claim");
        var states = new ClaimResult[dues.Count];
        Array.Fill(states, new ClaimResult.Done());
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            int n = reader.GetInt32(0);
            if (!reader.IsDBNull(1))
            {
                states[n] = new ClaimResult.Claimed(
                    claims[n], askedAt, reader.GetGuid(4), reader.GetGuid(5), reader.GetString(6), reader.GetString(7),
                    !reader.IsDBNull(8) && reader.GetBoolean(8), reader.GetBoolean(9), reader.GetString(10),
                    TemplateMessage.Read(Payload(reader, isTemplate: true)), reader.GetInt16(1),
                    reader.IsDBNull(13) ? null : reader.GetString(13), reader.GetDateTime(14))
                {
                    Content = OutboundContent.Read(Payload(reader, isTemplate: false)),
                    Quotes = reader.IsDBNull(15) ? null : reader.GetString(15),
                };
            }
            else if (SendStates.Read(reader.GetString(2)) is SendState.Pending or SendState.Sending
                or SendState.Unknown)
            {
                states[n] = new ClaimResult.Waiting();
            }
            else if (reader.GetBoolean(12))
            {
                states[n] = new ClaimResult.Untold();
            }
        }

        crashPoints.Reach("deliver:after-claim");
        return states;
    }

    private static string? Payload(NpgsqlDataReader reader, bool isTemplate) =>
        reader.GetString(10) == TemplateMessage.MessageKind == isTemplate && !reader.IsDBNull(11)
            ? reader.GetString(11)
            : null;

    internal async Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<SendReport> reports)
    {
        List<ReceivedMessage> ended = [.. reports.Where(r => r.Settled is not null).Select(r => r.Settled!)];
        using Reservation none = outbox.Reserve(Queues.MessageDelivery, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(reports.Select(r => new TenantId(r.Due.Tenant))));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SettleSql)
            .WithColumn(reports, r => r.Due.Tenant)
            .WithColumn(reports, r => r.Due.Message)
            .WithColumn(reports, r => r.ClaimId)
            .WithColumn(reports, r => r.State.Stored())
            .WithColumn(reports, r => r.ProviderMessageId)
            .WithColumn(reports, r => r.Reason));
        if (ended.Count > 0 && outbox.CompleteCommand(ended) is { } settle) batch.BatchCommands.Add(settle);
        crashPoints.Reach("deliver:before-settle");
        await batch.ExecuteNonQueryAsync();
        crashPoints.Reach("deliver:after-settle");
        await outbox.CommittedAsync(none, [], ended);
        return new bool[reports.Count];
    }

    /// <summary>
    /// Says that a second send leaves now, so that one that did not get this far counts for nothing. False: the claim
    /// is no longer ours, and nothing may be sent.
    /// </summary>
    internal async Task<bool> LeavesAsync(DeliveryDue due, Guid claim)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        NpgsqlBatchCommand leaving =
            new NpgsqlBatchCommand(LeavingSql).With(due.Tenant).With(due.Message).With(claim);
        batch.BatchCommands.Add(leaving);
        await batch.ExecuteNonQueryAsync();
        return leaving.RecordsAffected > 0;
    }

    /// <summary>
    /// Decides what a message waits for; null when there is no such message. <c>Untold</c>: it failed, and staff has
    /// not heard of it.
    /// </summary>
    internal async Task<(SendState? State, TimeSpan Left, bool Untold)> ResumeAsync(DeliveryDue due, TimeSpan wait)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ResumeSql)
            .With(due.Tenant)
            .With(due.Message)
            .With(wait.TotalMilliseconds)
            .With(MostSends)
            .With(MostInterrupted));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        if (!await reader.ReadAsync()) return (null, default, false);
        SendState state = SendStates.Read(reader.GetString(0));
        TimeSpan left = TimeSpan.FromMilliseconds(reader.GetInt64(1));
        return (state, state == SendState.Unknown && left == TimeSpan.Zero ? wait : left, reader.GetBoolean(2));
    }
}
