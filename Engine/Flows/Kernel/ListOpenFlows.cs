using System.Runtime.CompilerServices;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>Every flow that has not ended, of every tenant: what a host with a runner of its own keeps alive.</summary>
public sealed class ListOpenFlows(NpgsqlDataSource database, ITenantDirectory tenants)
{
    private static readonly string Sql = EngineSql.Of<ListOpenFlows>("open-flows.sql");

    /// <exception cref="TransientFault">The database is away.</exception>
    public async IAsyncEnumerable<FlowPlace> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (Tenant tenant in await tenants.AllAsync(cancellationToken))
        {
            foreach (FlowPlace place in await ReadAsync(tenant.Id, cancellationToken)) yield return place;
        }
    }

    // Read to the end first: whoever starts instances between two rows must not hold a connection.
    private async Task<List<FlowPlace>> ReadAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlBatch batch = database.CreateBatch();
            batch.BatchCommands.Add(TenantScope.For(tenant));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
                .With(tenant.Value)
                .With((Guid?)null)
                .With(StuckInstance.Grace));
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            List<FlowPlace> places = [];
            while (await reader.ReadAsync(cancellationToken))
                places.Add(new(tenant.Value, reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2)));
            return places;
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }
}
