using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Conversations.Contacts;

/// <summary>Customers over HTTP.</summary>
internal static class ContactEndpoints
{
    private const int MaxName = 200;
    private const int MaxClientId = 100;
    private const int MaxMetadata = 8_192;

    private static readonly string[] Statuses = ["active", "blocked"];

    public static void MapContacts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/contacts", ListAsync).Needs(Permissions.ReadContacts, "contact.list")
            .Asks("search", "phone", "status", "clientId", "field", "after", "limit")
            .Gives(typeof(Page<ContactRow>));
        routes.MapGet("/contacts/{id:guid}", ReadAsync).Needs(Permissions.ReadContacts, "contact.read")
            .Gives(typeof(ContactRow));
        routes.MapPut("/contacts/{id:guid}", UpdateAsync).Needs(Permissions.ManageContacts, "contact.update")
            .Takes(typeof(ContactBody)).Gives(typeof(ContactRow));
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListContacts list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (_, Guid? after) = query.After("after");
        var filter = new ContactFilter(limit + 1)
        {
            Pattern = SearchInput.Pattern(query, "search"),
            Phones = PhoneInput.Read(query, "phone"),
            Status = query.Choice("status", Statuses),
            ClientId = query.Text("clientId", MaxClientId),
            Field = SearchInput.Field(query, "field"),
            After = after,
        };
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<ContactRow> rows = await list.RunAsync(context.Tenant(), filter, context.RequestAborted);
        return TypedResults.Ok(Page<ContactRow>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ListContacts list) =>
        await list.FindAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpContext context, SaveContact save, ListContacts list, ApiOptions options)
    {
        (ContactBody? body, IResult? problem) = await JsonBody.ReadAsync<ContactBody>(context.Request, options);
        if (body is null) return problem!;
        if (TextInput.Fault(body.Name, MaxName) is { } name) return Problems.Invalid("name", name);
        if (body.ClientId is { } own && TextInput.Fault(own, MaxClientId) is { } fault)
            return Problems.Invalid("clientId", fault);
        if (body.Metadata.ValueKind != JsonValueKind.Object || body.Metadata.GetRawText().Length > MaxMetadata)
            return Problems.Invalid("metadata", $"must be a JSON object of at most {MaxMetadata} characters");
        if (StoredJson.Fault(body.Metadata) is { } unfit) return Problems.Invalid("metadata", unfit);

        return await save.RunAsync(
            context.Tenant(), id, body.Name!.Trim(), body.ClientId, body.Metadata, context.RequestAborted) switch
        {
            true => await ReadAsync(id, context, list),
            false => NotFound(),
            null => Problems.Refused("client_id_taken", "Another contact has this id of yours."),
        };
    }

    private static IResult NotFound() => Problems.NotFound("contact_not_found", "There is no such contact.");

    private sealed record ContactBody(string? Name, string? ClientId, JsonElement Metadata);
}
