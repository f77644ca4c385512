using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>What is known of a campaign's templates: whether they may be sent, their words and category.</summary>
internal static class CampaignTemplates
{
    private const string Sql =
        """
        select v.ord, w.body, w.category, template_obstacle($1, $2, v.template, v.language, v.parameters)
        from unnest($3::text[], $4::text[], $5::int[]) with ordinality as v (template, language, parameters, ord)
        left join template_words w on w.tenant_id = $1 and w.channel_id = $2 and w.name = v.template
            and w.language = v.language
        where v.template is not null
        order by v.ord
        """;

    /// <summary>The variants with what they left out; the obstacle of the first that may not be sent.</summary>
    public static async Task<(IReadOnlyList<CampaignVariant> Variants, string? Obstacle)> FillAsync(
        NpgsqlConnection connection, TenantId tenant, ChannelId channel, IReadOnlyList<CampaignVariant> variants,
        CancellationToken cancellationToken)
    {
        CampaignVariant[] filled = [.. variants];
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(channel.Value)
            .WithColumn(variants, v => v.Template)
            .WithColumn(variants, v => v.Language)
            .WithColumn(variants, v => v.Parameters.Count));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (CampaignStore.TextOf(reader, 3) is { } obstacle) return (filled, obstacle);
            int i = (int)reader.GetInt64(0) - 1;
            filled[i] = filled[i] with
            {
                Text = filled[i].Text ?? CampaignStore.TextOf(reader, 1),
                Category = CampaignStore.TextOf(reader, 2) ?? filled[i].Category,
            };
        }

        return (filled, null);
    }
}
