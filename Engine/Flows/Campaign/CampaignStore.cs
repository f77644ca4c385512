using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign;

/// <summary>
/// One step of a campaign: locks its row, decides, and carries out, in one transaction. Whatever is killed, and however
/// many look at once, a recipient leaves <c>pending</c> together with the one message that is made for them.
/// </summary>
internal sealed class CampaignStore(NpgsqlDataSource database, ICrashPoints crashPoints, TimeProvider time)
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(10);

    private static readonly string LockSql = EngineSql.Of<CampaignStore>("lock-campaign.sql");
    private static readonly string LookSql = EngineSql.Of<CampaignStore>("look-at-campaign.sql");
    private static readonly string NextSql = EngineSql.Of<CampaignStore>("next-recipients.sql");
    private static readonly string ReleaseSql = EngineSql.Of<CampaignStore>("release-recipients.sql");
    private static readonly string MoveSql = EngineSql.Of<CampaignStore>("move-campaign.sql");

    /// <summary>What was done; null when the campaign does not run, or another message looks after it.</summary>
    public async Task<CampaignMove?> AdvanceAsync(
        CampaignDue due, DateTimeOffset now, Func<ChannelId, Task<CampaignPolicy>> policyOf,
        CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        CampaignState? state = await LockAsync(connection, due, now, cancellationToken);
        if (state is null) return null;
        CampaignPolicy policy = await policyOf(new ChannelId(state.Channel));
        CampaignLook look = await LookAsync(connection, due, state, now, cancellationToken);
        CampaignMove move = CampaignFlow.On(state, look, policy);
        crashPoints.Reach("campaign:before-step");
        if (move is CampaignMove.Release release)
            await ReleaseAsync(connection, due, state, release, policy, cancellationToken);
        await using (NpgsqlBatch batch = connection.CreateBatch())
        {
            batch.BatchCommands.Add(Moved(due, move, look, now));
            if (move is CampaignMove.Release)
            {
                batch.BatchCommands.Add(
                    new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        crashPoints.Reach("campaign:before-commit");
        await transaction.CommitAsync(cancellationToken);
        crashPoints.Reach("campaign:after-commit");
        return move;
    }

    private static NpgsqlBatchCommand Moved(
        CampaignDue due, CampaignMove move, CampaignLook look, DateTimeOffset now) =>
        new NpgsqlBatchCommand(MoveSql)
            .With(due.Tenant)
            .With(due.Campaign)
            .With(move switch
            {
                CampaignMove.Halt => "paused",
                CampaignMove.Finish => "finished",
                _ => "running",
            })
            .With((move as CampaignMove.Halt)?.Reason)
            .With(move is CampaignMove.PassStage)
            .With(move is CampaignMove.Halt or CampaignMove.Wait { TakesBack: true } && look.Unclaimed > 0)
            .With(look.Counts is null ? null : (DateTime?)now.UtcDateTime);

    private static async Task<CampaignState?> LockAsync(
        NpgsqlConnection connection, CampaignDue due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LockSql)
            .With(due.Tenant)
            .With(due.Campaign)
            .With(due.Round));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new CampaignState
        {
            Channel = reader.GetGuid(0),
            Variants = CampaignVariant.Read(reader.GetString(1)),
            Interval = TimeSpan.FromMilliseconds(reader.GetInt32(2)),
            FirstStage = reader.GetInt32(3),
            StageTime = TimeSpan.FromSeconds(reader.GetInt32(4)),
            MaxFailurePercent = reader.GetInt32(5),
            StagePassed = reader.GetBoolean(6),
            StartsAt = TimeOf(reader, 7),
            NextSendAt = TimeOf(reader, 8),
            LastReleaseAt = TimeOf(reader, 9),
            Released = reader.GetInt32(10),
            ForgivenFailures = reader.GetInt32(11),
            ForgivenSettled = reader.GetInt32(12),
            IsCountDue = TimeOf(reader, 13) is not { } counted || now - counted >= CountEvery,
        };
    }

    private static async Task<CampaignLook> LookAsync(
        NpgsqlConnection connection, CampaignDue due, CampaignState state, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        bool counts = state.IsCountDue || !state.StagePassed && state.Released >= state.FirstStage;
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LookSql)
            .With(due.Tenant)
            .With(due.Campaign)
            .With(counts)
            .With(state.Channel)
            .WithColumn(state.Variants, v => v.Template)
            .WithColumn(state.Variants, v => v.Language)
            .WithColumn(state.Variants, v => v.Parameters.Count));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new CampaignLook(
            now, reader.GetInt64(0), (int)reader.GetInt64(1),
            counts
                ? new CampaignCounts(
                    (int)reader.GetInt64(2), (int)reader.GetInt64(3), (int)reader.GetInt64(4))
                : null)
        {
            Obstacle = TextOf(reader, 5),
        };
    }

    private async Task ReleaseAsync(
        NpgsqlConnection connection, CampaignDue due, CampaignState state, CampaignMove.Release release,
        CampaignPolicy policy, CancellationToken cancellationToken)
    {
        List<ReleasedRecipient> next = [];
        await using (NpgsqlBatch batch = connection.CreateBatch())
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(NextSql).With(due.Tenant).With(due.Campaign).With(release.Most));
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            DateTimeOffset at = release.From;
            while (await reader.ReadAsync(cancellationToken))
            {
                var contact = new CampaignContact
                {
                    Id = reader.GetGuid(0),
                    Name = TextOf(reader, 2),
                    Phone = TextOf(reader, 3),
                    ClientId = TextOf(reader, 4),
                    Metadata = TextOf(reader, 5),
                };
                CampaignMessage message = CampaignMessage.Of(state.Variants[reader.GetInt16(1)], contact);
                next.Add(new ReleasedRecipient(contact.Id, Ids.New(time), message, at));
                if (message is CampaignMessage.Whole) at += state.Interval;
            }
        }

        await using NpgsqlBatch write = connection.CreateBatch();
        write.BatchCommands.Add(new NpgsqlBatchCommand("select lock_conversations($1, $2, $3)")
            .With(due.Tenant)
            .With(state.Channel)
            .With(next.Select(r => r.Contact).ToArray()));
        write.BatchCommands.Add(new NpgsqlBatchCommand(ReleaseSql)
            .WithColumn(next, r => r.Contact)
            .WithColumn(next, r => r.Message)
            .WithColumn(next, r => (r.Content as CampaignMessage.Whole)?.Kind)
            .WithColumn(next, r => (r.Content as CampaignMessage.Whole)?.Text)
            .WithColumn(next, r => (r.Content as CampaignMessage.Whole)?.Payload)
            .WithColumn(next, r => (r.Content as CampaignMessage.Lacking)?.Reason)
            .WithColumn(next, r => r.At.UtcDateTime)
            .With(due.Tenant)
            .With(due.Campaign)
            .With(state.Channel)
            .With(policy.ConsentField)
            .With((int)state.Interval.TotalMilliseconds));
        await write.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DateTimeOffset? TimeOf(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetDateTime(column), TimeSpan.Zero);

    internal static string? TextOf(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}
