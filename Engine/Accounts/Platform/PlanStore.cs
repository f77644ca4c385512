using Dapper;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Platform;

/// <summary>The rows of plans, which belong to no tenant.</summary>
internal sealed class PlanStore(NpgsqlDataSource database)
{
    private const string List =
        """
        select p.id as "Id", p.name as "Name", p.channels as "Channels", p.users as "Users",
            p.messages_a_month as "MessagesPerMonth", p.conversations_a_month as "ConversationsPerMonth",
            p.model_tokens_a_month as "ModelTokensPerMonth"
        from plans p
        where $1::uuid is null or p.id = $1
        order by lower(p.name)
        """;

    private const string Add =
        """
        insert into plans
            (id, name, channels, users, messages_a_month, conversations_a_month, model_tokens_a_month)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Change =
        """
        update plans set name = $2, channels = $3, users = $4, messages_a_month = $5, conversations_a_month = $6,
            model_tokens_a_month = $7, updated_at = now()
        where id = $1
        """;

    public async Task<IReadOnlyList<PlanRow>> ListAsync(Guid? id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = Batch(new NpgsqlBatchCommand(List).With(id));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        Func<System.Data.Common.DbDataReader, PlanRow> parse = reader.GetRowParser<PlanRow>();
        List<PlanRow> found = [];
        while (await reader.ReadAsync(cancellationToken)) found.Add(parse(reader));
        return found;
    }

    /// <summary>False when there is no such plan, null when another one has the name.</summary>
    /// <param name="plan">Without a fault.</param>
    public async Task<bool?> SaveAsync(Guid id, bool isNew, PlanInput plan, CancellationToken cancellationToken)
    {
        NpgsqlBatchCommand save = isNew ? new(Add) : new(Change);
        await using NpgsqlBatch batch = Batch(save
            .With(id).With(plan.Name!.Trim()).With(plan.Channels).With(plan.Users).With(plan.MessagesPerMonth)
            .With(plan.ConversationsPerMonth).With(plan.ModelTokensPerMonth));
        try
        {
            return await batch.ExecuteNonQueryAsync(cancellationToken) > 0;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }

    /// <summary>False when there is no such plan, null while a tenant has it.</summary>
    public async Task<bool?> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = Batch(new NpgsqlBatchCommand("delete from plans where id = $1").With(id));
        try
        {
            return await batch.ExecuteNonQueryAsync(cancellationToken) > 0;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return null;
        }
    }

    private NpgsqlBatch Batch(NpgsqlBatchCommand command)
    {
        NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(command);
        return batch;
    }
}

/// <summary>A plan; null is no limit.</summary>
internal sealed record PlanRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public int? Channels { get; init; }

    public int? Users { get; init; }

    public long? MessagesPerMonth { get; init; }

    public long? ConversationsPerMonth { get; init; }

    public long? ModelTokensPerMonth { get; init; }
}
