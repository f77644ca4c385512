using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Access;

/// <summary>Writes down what was done to a tenant, by whom, from where, and to whom or what; never what with.</summary>
internal sealed class RecordAccountEvent(NpgsqlDataSource database, TimeProvider time)
{
    private const string Sql =
        """
        insert into account_events (tenant_id, id, action, actor_kind, actor_id, subject_id, note, address)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>Whom or what the request made: its address could not name it yet.</summary>
    public static void Of(HttpContext context, Guid made) => context.Items[typeof(RecordAccountEvent)] = made;

    /// <summary>Whom or what a request is about; null where it does not say.</summary>
    public static Guid? SubjectOf(HttpContext context) =>
        Guid.TryParse(context.Request.RouteValues["id"] as string, out Guid id)
            ? id
            : context.Items[typeof(RecordAccountEvent)] as Guid?;

    /// <summary>Endpoint filter: what changed something is written down once it has.</summary>
    public static async ValueTask<object?> FilterAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        object? result = await next(invocation);
        HttpContext context = invocation.HttpContext;
        if (HttpMethods.IsGet(context.Request.Method) || context.Request.Method == HttpMethods.Head) return result;
        if (result is not IStatusCodeHttpResult { StatusCode: >= 200 and < 300 }) return result;
        string action = context.GetEndpoint()!.Metadata.GetMetadata<EndpointAccess>()!.Audit;
        // Whoever did it may be gone by now; that it was done is not.
        await context.RequestServices.GetRequiredService<RecordAccountEvent>().RunAsync(
            context.Tenant(), action, context.Caller(), SubjectOf(context), CancellationToken.None,
            from: CallerAddress.OfRequest(context));
        return result;
    }

    /// <param name="note">Why, where whoever did it had to say.</param>
    public async Task RunAsync(
        TenantId tenant, string action, Caller by, Guid? subject, CancellationToken cancellationToken,
        string note = "", IPAddress? from = null)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(Ids.New(time)).With(action).With(by.Word).With(by.User ?? by.Key).With(subject)
            .With(note).With(from?.ToString()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
