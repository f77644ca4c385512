using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Jobs;

/// <summary>The operator's view of the jobs. Of the platform, not of a tenant.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes) => routes.MapGet("/operations/jobs", ListAsync)
        .Needs(Permissions.OperatePlatform, "job.list");

    private static async Task<IResult> ListAsync(HttpContext context, ListJobs jobs)
    {
        IReadOnlyList<JobReport> all = await jobs.RunAsync(context.RequestAborted);
        return TypedResults.Ok(new
        {
            items = all.Select(j => new
            {
                j.State.Name,
                state = j.Word,
                intervalSeconds = (long)j.Schedule.Every.TotalSeconds,
                j.State.LastStartedAt,
                j.State.LastSucceededAt,
                j.State.LastFailedAt,
                j.State.LastDurationMs,
                j.State.LastFailureCode,
                j.State.ConsecutiveFailures,
            }),
        });
    }
}
