using System.Globalization;
using System.Text.Json.Serialization;
using Npgsql;
using Vellarys.Caching;
using Vellarys.Storage;

namespace Vellarys.Flows.Survey;

/// <summary>
/// What customers said: the surveys that were asked since a time, and their answers. Remembered for five minutes, and
/// computed anew after each question and each answer.
/// </summary>
internal sealed class SurveyResults(NpgsqlDataSource database, Cache cache)
{
    private static readonly string Sql = EngineSql.Of<SurveyResults>("survey-results.sql");

    public async Task<SurveyReport> RunAsync(
        TenantId tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        string name = "survey:" + since.UtcTicks.ToString(CultureInfo.InvariantCulture);
        SurveyReport report = await cache.RememberAsync(
            new CacheKey(CacheNamespace.Reports, tenant, name), SurveyReportJson.Default.SurveyReport,
            token => ComputeAsync(tenant, since, token), cancellationToken);
        return report with { Since = since };
    }

    private async Task<SurveyReport> ComputeAsync(
        TenantId tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(since.UtcDateTime));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return SurveyReport.Of(
            since, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4),
            reader.GetInt64(5), reader.IsDBNull(6) ? null : reader.GetDouble(6));
    }
}

/// <summary>Figures of the surveys asked since a time.</summary>
/// <param name="Asked">Customers who were asked for a score.</param>
/// <param name="Answered">Those of them who gave one.</param>
/// <param name="ResponseRate">Answered of asked, 0 to 1; null when nobody was asked.</param>
/// <param name="Nps">Percentage of promoters less that of detractors, -100 to 100; null without an answer.</param>
/// <param name="Csat">Answers to the question for satisfaction, and their average from 1 to 5.</param>
internal sealed record SurveyReport(
    DateTimeOffset Since, long Asked, long Answered, double? ResponseRate, NpsReport Nps, CsatReport Csat)
{
    internal static SurveyReport Of(
        DateTimeOffset since, long asked, long promoters, long passives, long detractors, long csat, long answered,
        double? average)
    {
        long nps = promoters + passives + detractors;
        return new(
            since, asked, answered, asked == 0 ? null : Round((double)answered / asked, 3),
            new NpsReport(nps == 0 ? null : Round(100.0 * (promoters - detractors) / nps, 1), nps, promoters, passives,
                detractors),
            new CsatReport(average is { } mean ? Round(mean, 2) : null, csat));
    }

    private static double Round(double value, int digits) => Math.Round(value, digits, MidpointRounding.AwayFromZero);
}

/// <param name="Score">-100 to 100; null without an answer.</param>
/// <param name="Promoters">9 and 10.</param>
/// <param name="Passives">7 and 8.</param>
/// <param name="Detractors">0 to 6.</param>
internal sealed record NpsReport(double? Score, long Answered, long Promoters, long Passives, long Detractors);

/// <param name="Average">1 to 5; null without an answer.</param>
internal sealed record CsatReport(double? Average, long Answered);

[JsonSerializable(typeof(SurveyReport))]
internal sealed partial class SurveyReportJson : JsonSerializerContext;
