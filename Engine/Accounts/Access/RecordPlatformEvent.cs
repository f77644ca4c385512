using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Access;

/// <summary>
/// Writes down what those did who run the platform, by whom, from where, to what, and how it ended: refusals as well,
/// for whoever tries is of interest there. A tenant that it was done to has it in its own record too.
/// </summary>
internal sealed class RecordPlatformEvent(NpgsqlDataSource database, RecordAccountEvent ofTenant, TimeProvider time)
{
    private const string Sql =
        """
        insert into platform_events (id, action, actor_kind, actor_id, about_tenant, subject_id, address, status)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>Endpoint filter.</summary>
    public static async ValueTask<object?> FilterAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        HttpContext context = invocation.HttpContext;
        if (HttpMethods.IsGet(context.Request.Method) || context.Request.Method == HttpMethods.Head)
            return await next(invocation);
        int status = StatusCodes.Status500InternalServerError;
        try
        {
            object? result = await next(invocation);
            status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
            return result;
        }
        finally
        {
            await context.RequestServices.GetRequiredService<RecordPlatformEvent>().RunAsync(context, status);
        }
    }

    private async Task RunAsync(HttpContext context, int status)
    {
        string action = context.GetEndpoint()!.Metadata.GetMetadata<EndpointAccess>()!.Audit;
        Caller by = context.Caller();
        Guid? subject = RecordAccountEvent.SubjectOf(context), tenant = TenantOf(context, action);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(Ids.New(time)).With(action).With(by.Word).With(by.User ?? by.Key).With(tenant).With(subject)
            .With(CallerAddress.OfRequest(context)?.ToString()).With((short)status));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        // What succeeded found the tenant.
        if (tenant is not { } concerned || status is < 200 or >= 300) return;
        await ofTenant.RunAsync(
            new TenantId(concerned), action, by, subject, CancellationToken.None,
            from: CallerAddress.OfRequest(context));
    }

    /// <summary>The tenant that the address names; what makes one writes into its record itself.</summary>
    private static Guid? TenantOf(HttpContext context, string action)
    {
        string name = action.StartsWith("tenant.", StringComparison.Ordinal) ? "id" : "tenant";
        return Guid.TryParse(context.Request.RouteValues[name] as string, out Guid tenant) ? tenant : null;
    }
}
