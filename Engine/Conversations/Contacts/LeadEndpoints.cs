using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Conversations.Contacts;

/// <summary>Leads over HTTP.</summary>
internal static class LeadEndpoints
{
    private static readonly string[] Statuses = ["open", "won", "lost"];
    private static readonly string[] Qualifications = ["unknown", "cold", "warm", "hot"];

    public static void MapLeads(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/leads/{id:guid}");
        routes.MapGet("/leads", ListAsync).Needs(Permissions.ReadContacts, "lead.list")
            .Asks("search", "phone", "field", "status", "qualification", "active", "after", "limit")
            .Gives(typeof(Page<LeadRow>));
        one.MapGet("", ReadAsync).Needs(Permissions.ReadContacts, "lead.read").Gives(typeof(LeadDetail));
        one.MapGet("/messages", ReadMessagesAsync).Needs(Permissions.ReadConversations, "lead.messages")
            .Asks("before", "limit").Gives(typeof(Page<LeadMessage>));
        one.MapDelete("", async (Guid id, HttpContext context, DeleteLead delete) =>
            await delete.RunAsync(context.Tenant(), id, context.RequestAborted) ? TypedResults.NoContent() : NotFound())
            .Needs(Permissions.ManageContacts, "lead.delete").Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListLeads list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        bool active = query.Flag("active") is true;
        (DateTime? at, Guid? id) = query.After("after");
        var filter = new LeadFilter(limit + 1)
        {
            Status = query.Choice("status", Statuses),
            Qualification = query.Choice("qualification", Qualifications),
            Phones = PhoneInput.Read(query, "phone"),
            Field = SearchInput.Field(query, "field"),
            Pattern = SearchInput.Pattern(query, "search"),
            AfterAt = at,
            AfterId = id,
        };
        if (active && (filter.Status ?? filter.Field ?? filter.Pattern ?? filter.Phones?[0]) is not null)
            query.Refuse("active", "goes with qualification only");
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<LeadRow> rows = active
            ? await list.ActiveAsync(context.Tenant(), filter, context.RequestAborted)
            : await list.RunAsync(context.Tenant(), filter, context.RequestAborted);
        return TypedResults.Ok(Page<LeadRow>.Of(
            rows, limit, last => new Cursor(active ? last.LastActivityAt : last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ReadLead read) =>
        await read.RunAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static async Task<IResult> ReadMessagesAsync(Guid id, HttpContext context, ReadLead read)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? before, Guid? beforeId) = query.After("before");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<LeadMessage> rows = await read.MessagesAsync(
            context.Tenant(), id, before, beforeId, limit + 1, context.RequestAborted);
        // Only an empty answer asks whether there is a lead.
        if (rows.Count == 0 && await read.RunAsync(context.Tenant(), id, context.RequestAborted) is null)
            return NotFound();
        return TypedResults.Ok(Page<LeadMessage>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static IResult NotFound() => Problems.NotFound("lead_not_found", "There is no such lead.");
}
