using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Channels.Sealing;

/// <summary>
/// Seals what channels still hold in plain, seals anew what an older master key sealed, and drops webhook secrets that
/// have ended; and what other rooms seal. What cannot be opened it leaves alone. A row that
/// changed meanwhile has its turn next time.
/// </summary>
internal sealed class SealSecrets(
    NpgsqlDataSource database, ITenantDirectory tenants, SecretBox box, EncryptionOptions options,
    IEnumerable<ISealedStore> others, ILogger<SealSecrets> logger) : IJob
{
    private static readonly string Due = EngineSql.Of<SealSecrets>("channels-to-seal.sql");
    private static readonly string Save = EngineSql.Of<SealSecrets>("seal-channel.sql");

    public JobSchedule Schedule => JobSchedules.SealSecrets;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<TenantId> all = await tenants.EveryIdAsync(cancellationToken);
        await ForEachTenant.RunAsync(
            all, logger, tenant => RunAsync(tenant, cancellationToken), cancellationToken);
    }

    private async Task RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        IReadOnlyList<SealedChannel> due = await new TenantReader(database).QueryAsync<SealedChannel>(
            tenant,
            new NpgsqlBatchCommand(Due).With(tenant.Value).With(box.CurrentMark).With(options.SealAfter),
            cancellationToken);
        int changed = 0;
        foreach (SealedChannel channel in due)
        {
            if (await RenewAsync(tenant, channel, cancellationToken)) changed++;
        }

        int ofOthers = 0;
        foreach (ISealedStore store in others) ofOthers += await store.RenewAsync(tenant, cancellationToken);
        if (ofOthers > 0) Log.OthersSealed(logger, tenant, ofOthers);
        if (changed > 0) Log.SecretsSealed(logger, tenant, changed);
    }

    private async Task<bool> RenewAsync(TenantId tenant, SealedChannel was, CancellationToken cancellationToken)
    {
        var secrets = new ChannelSecrets(box, tenant, new ChannelId(was.Id));
        string token = Renew(was.AccessToken, secrets.RenewToken);
        string verify = Renew(was.VerifyToken, secrets.RenewVerifyToken);
        string[] signing = [.. was.WebhookSecrets.Select(s => Renew(s, secrets.RenewWebhookSecret))];
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Save)
            .With(tenant.Value).With(was.Id)
            .With(was.AccessToken).With(was.VerifyToken).With(was.WebhookSecrets)
            .With(token).With(verify).With(signing));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected > 0;

        string Renew(string stored, Func<string, string> renew) =>
            was.PlainToo || SecretBox.IsSealed(stored) ? renew(stored) : stored;
    }
}

/// <summary>Its secrets, as stored.</summary>
internal sealed record SealedChannel
{
    public Guid Id { get; init; }

    public string AccessToken { get; init; } = "";

    public string VerifyToken { get; init; } = "";

    public string[] WebhookSecrets { get; init; } = [];

    /// <summary>Whether what is in plain may be sealed by now.</summary>
    public bool PlainToo { get; init; }

    /// <summary>Leaves them out.</summary>
    public override string ToString() => Id.ToString();
}
