using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>
/// Starts, pauses, resumes and cancels a campaign. Each locks the campaign's row, as its steps do: what a step has not
/// released by then it never will, and what is not claimed is taken back in the same transaction.
/// </summary>
internal sealed class SteerCampaign(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<SteerCampaign>("steer-campaign.sql");

    /// <summary>A draft begins; one that runs already stays as it is.</summary>
    public Task<CampaignSteered> StartAsync(
        TenantId tenant, Guid id, DateTimeOffset? at, CancellationToken cancellationToken) =>
        RunAsync(tenant, id, ["draft"], "running", at, cancellationToken);

    public Task<CampaignSteered> PauseAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        RunAsync(tenant, id, ["running"], "paused", null, cancellationToken);

    public Task<CampaignSteered> ResumeAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        RunAsync(tenant, id, ["paused"], "running", null, cancellationToken);

    public Task<CampaignSteered> CancelAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        RunAsync(tenant, id, ["draft", "running", "paused"], "cancelled", null, cancellationToken);

    private async Task<CampaignSteered> RunAsync(
        TenantId tenant, Guid id, string[] from, string to, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        // Locked by a statement of its own: what the next one sees of it is what stands once the lock is there.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select c.status from campaigns c where c.tenant_id = $1 and c.id = $2 for no key update")
            .With(tenant.Value)
            .With(id));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(id)
            .With(from)
            .With(to)
            .With(at?.UtcDateTime));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'campaign-delivery')"));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new CampaignSteered.NotFound();
        string was = reader.GetString(0);
        await reader.NextResultAsync(cancellationToken);
        return from.Contains(was) || was == to ? new CampaignSteered.Done() : new CampaignSteered.Refused(was);
    }
}

/// <summary>What steering a campaign led to.</summary>
internal abstract record CampaignSteered
{
    private CampaignSteered()
    {
    }

    /// <summary>It is so now, whoever asked first.</summary>
    public sealed record Done : CampaignSteered;

    public sealed record NotFound : CampaignSteered;

    /// <param name="Status">As it stands, and stays.</param>
    public sealed record Refused(string Status) : CampaignSteered;
}
