using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>
/// Makes a campaign with its recipients, in one transaction; or only as if, to see who they would be.
/// </summary>
internal sealed class CreateCampaign(
    NpgsqlDataSource database, IChannelDirectory channels, IEnumerable<IProvider> providers, TimeProvider time)
{
    public const int MostRecipients = 100_000;
    private const int MostNamed = 20;

    private static readonly string UnknownSql = EngineSql.Of<CreateCampaign>("unknown-contacts.sql");
    private static readonly string CreateSql = EngineSql.Of<CreateCampaign>("create-campaign.sql");
    private static readonly string RecipientsSql = EngineSql.Of<CreateCampaign>("add-recipients.sql");

    public async Task<CampaignCreation> RunAsync(
        TenantId tenant, NewCampaign campaign, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        CampaignCreation made = await AddAsync(connection, tenant, campaign, cancellationToken);
        if (made is CampaignCreation.Made { IsNew: true }) await transaction.CommitAsync(cancellationToken);
        return made;
    }

    /// <summary>Within the caller's transaction, which may take it back.</summary>
    internal async Task<CampaignCreation> AddAsync(
        NpgsqlConnection connection, TenantId tenant, NewCampaign campaign, CancellationToken cancellationToken)
    {
        Guid? sender = await ChannelAsync(connection, tenant, campaign.Channel, cancellationToken);
        Channel? channel = sender is { } id ? await channels.FindAsync(new ChannelId(id), cancellationToken) : null;
        if (channel is null || channel.Tenant != tenant)
        {
            return new CampaignCreation.Invalid(
                "channelId", campaign.Channel is null ? "is required: there is not exactly one" : "is no channel");
        }

        bool needsTemplate = providers.FirstOrDefault(p => p.Kind == channel.Kind) is { HasServiceWindow: true };
        if (needsTemplate && campaign.Variants.Any(v => v.Template is null))
        {
            return new CampaignCreation.Refused(
                "template_required", "This number's provider takes nothing but approved templates unasked.");
        }

        if (campaign.Contacts is { } contacts)
        {
            int[] unknown = await UnknownAsync(connection, tenant, contacts, cancellationToken);
            if (unknown.Length > 0) return new CampaignCreation.Unknown(unknown);
        }

        (IReadOnlyList<CampaignVariant> variants, string? obstacle) = await CampaignTemplates.FillAsync(
            connection, tenant, channel.Id, campaign.Variants, cancellationToken);
        if (obstacle is not null)
        {
            return new CampaignCreation.Refused(
                "template_" + obstacle, "A template of the campaign may not be sent as it is: " + obstacle + ".");
        }

        return await InsertAsync(
            connection, tenant, campaign with { Variants = variants }, channel.Id, cancellationToken);
    }

    private async Task<CampaignCreation> InsertAsync(
        NpgsqlConnection connection, TenantId tenant, NewCampaign campaign, ChannelId channel,
        CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(CreateSql)
            .With(tenant.Value)
            .With(id)
            .With(channel.Value)
            .With(campaign.Name)
            .With(CampaignVariant.Write(campaign.Variants))
            .With(campaign.IntervalMs)
            .With(campaign.FirstStage)
            .With(campaign.StageSeconds)
            .With(campaign.MaxFailurePercent)
            .With(campaign.Fingerprint)
            .With(campaign.Starts)
            .With(campaign.StartAt?.UtcDateTime));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(RecipientsSql)
            .With(tenant.Value)
            .With(id)
            .With(Cumulated(campaign.Variants))
            .With(campaign.Contacts)
            .With(campaign.Field)
            .With(campaign.Qualifications)
            .With(campaign.LeadStatus)
            .With(campaign.SeenAfter?.UtcDateTime)
            .With(campaign.SeenBefore?.UtcDateTime)
            .With(MostRecipients + 1)
            .OnlyGiven());
        if (campaign.Starts)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'campaign-delivery')"));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new CampaignCreation.Refused("busy", "Try again.");
        (Guid made, bool isNew) = (reader.GetGuid(0), reader.GetBoolean(1));
        if (!isNew) return new CampaignCreation.Made(made, false);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt32(0) switch
        {
            0 => new CampaignCreation.Refused("audience_empty", "No contact is like that."),
            > MostRecipients => new CampaignCreation.Refused(
                "audience_too_large", $"A campaign has at most {MostRecipients} recipients."),
            _ => new CampaignCreation.Made(made, true),
        };
    }

    private static int[] Cumulated(IReadOnlyList<CampaignVariant> variants)
    {
        int sum = 0;
        return [.. variants.Select(v => sum += v.Weight)];
    }

    private static async Task<Guid?> ChannelAsync(
        NpgsqlConnection connection, TenantId tenant, Guid? given, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("select coalesce($2::uuid, only_channel($1))").With(tenant.Value).With(given));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? null : reader.GetGuid(0);
    }

    private static async Task<int[]> UnknownAsync(
        NpgsqlConnection connection, TenantId tenant, Guid[] contacts, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(UnknownSql).With(tenant.Value).With(contacts).With(MostNamed));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        List<int> unknown = [];
        while (await reader.ReadAsync(cancellationToken)) unknown.Add((int)reader.GetInt64(0));
        return [.. unknown];
    }
}
