using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Knowledge;

/// <summary>What the assistant knows of a company, document by document.</summary>
internal static class KnowledgeEndpoints
{
    /// <summary>A document's longest text, each character escaped.</summary>
    private const long MaxBytes = 6L * AddDocument.MaxLength;

    public static void MapKnowledge(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder documents = routes.MapGroup("/knowledge");
        documents.MapGet("", ListAsync).Needs(Permissions.ReadKnowledge, "knowledge.list");
        documents.MapPost("", CreateAsync).Needs(Permissions.ManageKnowledge, "knowledge.create")
            .WithMetadata(new BodyLimit(MaxBytes));
        documents.MapGet("/{id:guid}", ReadAsync).Needs(Permissions.ReadKnowledge, "knowledge.read");
        documents.MapPut("/{id:guid}", ReplaceAsync).Needs(Permissions.ManageKnowledge, "knowledge.update")
            .WithMetadata(new BodyLimit(MaxBytes));
        documents.MapDelete("/{id:guid}", RemoveAsync).Needs(Permissions.ManageKnowledge, "knowledge.delete");
    }

    private static async Task<IResult> ListAsync(HttpContext context, Documents documents)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<DocumentRow> rows = await documents.ListAsync(
            context.Tenant(), null, after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(Page<DocumentRow>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, Documents documents)
    {
        if (await FindAsync(id, context, documents) is not { } found) return NotFound();
        IReadOnlyList<string> pieces = await documents.PiecesAsync(context.Tenant(), id, context.RequestAborted);
        return TypedResults.Ok(new { found.Id, found.Title, found.CreatedAt, found.UpdatedAt, pieces });
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, AddDocument add, Documents documents, ApiOptions options, TimeProvider time)
    {
        Guid id = Ids.New(time);
        return await SaveAsync(id, context, add, options) is { } problem
            ? problem
            : TypedResults.Created($"/api/v1/knowledge/{id}", await FindAsync(id, context, documents));
    }

    /// <summary>The caller may choose the id: the same document again replaces it.</summary>
    private static async Task<IResult> ReplaceAsync(
        Guid id, HttpContext context, AddDocument add, Documents documents, ApiOptions options) =>
        await SaveAsync(id, context, add, options) is { } problem
            ? problem
            : TypedResults.Ok(await FindAsync(id, context, documents));

    private static async Task<IResult> RemoveAsync(Guid id, HttpContext context, Documents documents) =>
        await documents.RemoveAsync(context.Tenant(), id, context.RequestAborted)
            ? TypedResults.NoContent()
            : NotFound();

    private static async Task<IResult?> SaveAsync(Guid id, HttpContext context, AddDocument add, ApiOptions options)
    {
        (DocumentInput? input, IResult? problem) = await JsonBody.ReadAsync<DocumentInput>(context.Request, options);
        if (input is null) return problem!;
        AddedDocument added = await add.RunAsync(
            context.Tenant(), id, input.Title ?? "", input.Text ?? "", context.RequestAborted);
        return added is AddedDocument.Refused refused
            ? Problems.Invalid(refused.Code.StartsWith("title", StringComparison.Ordinal) ? "title" : "text",
                refused.Reason)
            : null;
    }

    private static async Task<DocumentRow?> FindAsync(Guid id, HttpContext context, Documents documents) =>
        (await documents.ListAsync(context.Tenant(), id, null, null, 1, context.RequestAborted)).SingleOrDefault();

    private static IResult NotFound() => Problems.NotFound("document_not_found", "There is no such document.");
}
