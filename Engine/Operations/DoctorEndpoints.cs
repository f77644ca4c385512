using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Operations;

/// <summary>How the installation is, and what it did.</summary>
internal static class DoctorEndpoints
{
    public static void MapDoctor(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operations/doctor", ExamineAsync).Needs(Permissions.OperatePlatform, "operation.doctor");
        routes.MapGet("/operations/report", ReportAsync).Needs(Permissions.OperatePlatform, "operation.report");
    }

    private static async Task<Ok<DoctorReport>> ExamineAsync(HttpContext context, RunDoctor doctor)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await doctor.RunAsync(context.RequestAborted));
    }

    private static async Task<IResult> ReportAsync(HttpContext context, ReadReport report)
    {
        var query = new QueryInput(context.Request);
        int days = query.Number("days", 30, 1, 90);
        if (query.Problem is { } problem) return problem;
        return TypedResults.Ok(await report.RunAsync(days, context.RequestAborted));
    }
}
