using Npgsql;
using Vellarys.Accounts;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>
/// Who a campaign would go to, who would fall out and why, and what it would cost: makes it as it would be made, looks
/// at it, and takes it back.
/// </summary>
internal sealed class PreviewCampaign(NpgsqlDataSource database, CreateCampaign create, ITenantDirectory tenants)
{
    private const int Samples = 3;

    private const string Sql =
        """
        select r.contact_id, r.variant, p.name, p.phone, p.client_id, p.metadata::text,
            send_obstacle($1, c.channel_id, r.contact_id, $3)
        from campaign_recipients r
        join campaigns c on c.tenant_id = r.tenant_id and c.id = r.campaign_id
        left join campaign_contacts p on p.tenant_id = r.tenant_id and p.id = r.contact_id
        where r.tenant_id = $1 and r.campaign_id = $2
        order by r.position
        """;

    /// <summary>The preview, or why there would be no campaign.</summary>
    public async Task<(CampaignPreview? Preview, CampaignCreation Made)> RunAsync(
        TenantId tenant, NewCampaign campaign, CancellationToken cancellationToken)
    {
        Tenant? policy = await tenants.FindAsync(tenant, cancellationToken);
        CampaignSettings settings = policy?.Settings.Campaigns ?? new();
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        CampaignCreation made = await create.AddAsync(
            connection, tenant, campaign with { Starts = false, Fingerprint = null }, cancellationToken);
        if (made is not CampaignCreation.Made { Id: var id }) return (null, made);

        var tally = new Tally(campaign.Variants);
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(id)
            .With(string.IsNullOrWhiteSpace(settings.ConsentField) ? null : settings.ConsentField));
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken)) tally.Add(reader);
        await transaction.RollbackAsync(cancellationToken);
        return (tally.Of(settings), made);
    }

    private sealed class Tally(IReadOnlyList<CampaignVariant> variants)
    {
        private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);
        private readonly List<string> _samples = [];
        private readonly int[] _sent = new int[variants.Count];
        private int _total;

        public void Add(NpgsqlDataReader reader)
        {
            _total++;
            int variant = reader.GetInt16(1);
            var contact = new CampaignContact
            {
                Id = reader.GetGuid(0),
                Name = CampaignStore.TextOf(reader, 2),
                Phone = CampaignStore.TextOf(reader, 3),
                ClientId = CampaignStore.TextOf(reader, 4),
                Metadata = CampaignStore.TextOf(reader, 5),
            };
            CampaignMessage message = CampaignMessage.Of(variants[variant], contact);
            string? reason = CampaignStore.TextOf(reader, 6) ?? (message as CampaignMessage.Lacking)?.Reason;
            if (reason is not null)
            {
                _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;
                return;
            }

            _sent[variant]++;
            if (_samples.Count < Samples) _samples.Add(((CampaignMessage.Whole)message).Text);
        }

        public CampaignPreview Of(CampaignSettings settings) => new(
            _total, _sent.Sum(), _skipped.Values.Sum(), _skipped, _sent, _samples,
            CampaignCost.Of(variants, _sent, settings));
    }
}

/// <summary>What a campaign would do.</summary>
/// <param name="SkippedBecause">
/// By reason: <c>opted_out</c>, <c>no_consent</c>, <c>no_number</c>, <c>blocked</c>, <c>person_in_charge</c>, or
/// <c>missing:</c> and the field.
/// </param>
/// <param name="Variants">How many get each.</param>
/// <param name="Samples">What the first of them would read.</param>
internal sealed record CampaignPreview(
    int Total, int WillReceive, int Skipped, IReadOnlyDictionary<string, int> SkippedBecause,
    IReadOnlyList<int> Variants, IReadOnlyList<string> Samples, CampaignCost Cost);
