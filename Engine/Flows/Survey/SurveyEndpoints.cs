using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Flows.Survey;

/// <summary>How satisfied the customers are.</summary>
internal static class SurveyEndpoints
{
    private const int DefaultDays = 30;

    public static void MapSurveys(this IEndpointRouteBuilder routes) => routes.MapGet("/surveys", ReportAsync)
        .Needs(Permissions.ReadReports, "survey.report")
        .Asks("since").Gives(typeof(SurveyReport));

    private static async Task<IResult> ReportAsync(HttpContext context, SurveyResults results, TimeProvider time)
    {
        var query = new QueryInput(context.Request);
        DateTimeOffset since = query.Time("since") ?? FullHour(time.GetUtcNow()).AddDays(-DefaultDays);
        if (query.Problem is { } problem) return problem;
        return TypedResults.Ok(await results.RunAsync(context.Tenant(), since, context.RequestAborted));
    }

    // Everybody who asks within the hour means the same report.
    private static DateTimeOffset FullHour(DateTimeOffset now) =>
        new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
}
