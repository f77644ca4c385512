using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// The queue's rows of all tenants, for what works for all of them: accepting, handing out, settling, relaying,
/// counting, and the platform's operators. Everything else sees the rows of the tenants in its
/// <see cref="TenantScope"/>, and without one none.
/// </summary>
internal static class WorkerScope
{
    /// <summary>What a batch begins with; a part of a select list.</summary>
    public const string Setting = "set_config('app.worker', 'on', true)";

    public static NpgsqlBatchCommand Command() => new("select " + Setting);

    /// <summary>One statement in that scope: one round trip, one transaction.</summary>
    public static NpgsqlBatch CreateWorkerBatch(
        this NpgsqlDataSource database, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (NpgsqlParameter parameter in parameters) command.Parameters.Add(parameter);
        NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(Command());
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>The rows of the statement.</summary>
    public static async Task<NpgsqlDataReader> ReadRowsAsync(
        this NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return reader;
    }
}
