using Npgsql;
using Vellarys.Accounts;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>Sends a campaign's message to one contact, to be looked at. Counts for nothing.</summary>
internal sealed class TestCampaign(NpgsqlDataSource database, ITenantDirectory tenants, TimeProvider time)
{
    private const string ReadSql =
        """
        select c.channel_id, c.variants::text, p.id, p.name, p.phone, p.client_id, p.metadata::text
        from campaigns c
        left join campaign_contacts p on p.tenant_id = c.tenant_id and p.id = $3
        where c.tenant_id = $1 and c.id = $2
        """;

    private const string SendSql =
        "select send_unasked($1, $2, $3, $4, null, 'bot', $5, $6, $7, $8, false, now(), 1)";

    public async Task<CampaignTest> RunAsync(
        TenantId tenant, Guid campaign, Guid contact, int variant, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        (Guid Channel, IReadOnlyList<CampaignVariant> Variants, CampaignContact? Contact)? read =
            await ReadAsync(connection, tenant, campaign, contact, cancellationToken);
        if (read is not { } found) return new CampaignTest.NotFound();
        if (found.Contact is null) return new CampaignTest.Invalid("contactId", "is no contact");
        if (variant < 0 || variant >= found.Variants.Count)
            return new CampaignTest.Invalid("variant", "is none of the campaign's");
        CampaignMessage message = CampaignMessage.Of(found.Variants[variant], found.Contact);
        if (message is not CampaignMessage.Whole whole)
            return new CampaignTest.Skipped(((CampaignMessage.Lacking)message).Reason);

        string? consent = (await tenants.FindAsync(tenant, cancellationToken))?.Settings.Campaigns.ConsentField;
        Guid id = Ids.New(time);
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SendSql)
            .With(tenant.Value)
            .With(found.Channel)
            .With(contact)
            .With(id)
            .With(whole.Kind)
            .With(whole.Text)
            .With(whole.Payload)
            .With(string.IsNullOrWhiteSpace(consent) ? null : consent));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0) ? new CampaignTest.Sent(id) : new CampaignTest.Skipped(reader.GetString(0));
    }

    private static async Task<(Guid, IReadOnlyList<CampaignVariant>, CampaignContact?)?> ReadAsync(
        NpgsqlConnection connection, TenantId tenant, Guid campaign, Guid contact, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(ReadSql).With(tenant.Value).With(campaign).With(contact));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        CampaignContact? known = reader.IsDBNull(2)
            ? null
            : new CampaignContact
            {
                Id = reader.GetGuid(2),
                Name = CampaignStore.TextOf(reader, 3),
                Phone = CampaignStore.TextOf(reader, 4),
                ClientId = CampaignStore.TextOf(reader, 5),
                Metadata = CampaignStore.TextOf(reader, 6),
            };
        return (reader.GetGuid(0), CampaignVariant.Read(reader.GetString(1)), known);
    }
}

/// <summary>What a test led to.</summary>
internal abstract record CampaignTest
{
    private CampaignTest()
    {
    }

    public sealed record Sent(Guid Message) : CampaignTest;

    public sealed record NotFound : CampaignTest;

    public sealed record Invalid(string Field, string Reason) : CampaignTest;

    /// <summary>In the campaign the contact would be skipped for that.</summary>
    public sealed record Skipped(string Reason) : CampaignTest;
}
