using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Keys;

/// <summary>Keys for machines, of one tenant each.</summary>
internal static class ApiKeyEndpoints
{
    private const int MaxName = 200;

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api-keys", async (HttpContext context, ApiKeys keys) => TypedResults.Ok(new
        {
            items = await keys.ListAsync(context.Tenant(), context.RequestAborted),
        })).Needs(Permissions.ManageKeys, "api-key.list")
            .Gives(typeof(Listed<ApiKeyRow>));
        routes.MapPost("/api-keys", CreateAsync).Needs(Permissions.ManageKeys, "api-key.create")
            .Takes(typeof(KeyBody)).Gives(typeof(KeyAnswer), StatusCodes.Status201Created).ShowsSecret();
        routes.MapDelete("/api-keys/{id:guid}", RevokeAsync).Needs(Permissions.ManageKeys, "api-key.revoke")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ApiKeys keys, TimeProvider time, ApiOptions options)
    {
        (KeyBody? body, IResult? problem) = await JsonBody.ReadAsync<KeyBody>(context.Request, options);
        if (body is null) return problem!;
        if (TextInput.Fault(body.Name, MaxName) is { } name) return Problems.Invalid("name", name);
        if (body.Scopes is not { Count: > 0 }
            || !body.Scopes.All(s => s is not null && Permissions.OfTenants.Contains(s)))
        {
            return Problems.Invalid("scopes", "must be permissions of the catalogue: GET /permissions");
        }

        if (body.ExpiresAt <= time.GetUtcNow()) return Problems.Invalid("expiresAt", "must lie ahead");
        string[] scopes = [.. body.Scopes.Select(s => s!).Distinct().Order(StringComparer.Ordinal)];
        Caller caller = context.Caller();
        if (!caller.MayGive(scopes))
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden, "not_yours_to_give", "A key may not do more than you may yourself.");
        }

        (ApiKeyRow row, string key) = await keys.CreateAsync(
            context.Tenant(), body.Name!.Trim(), scopes, caller.User, body.ExpiresAt, context.RequestAborted);
        RecordAccountEvent.Of(context, row.Id);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new KeyAnswer(key, row));
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext context, ApiKeys keys) =>
        await keys.RevokeAsync(context.Tenant(), id, context.RequestAborted)
            ? TypedResults.NoContent()
            : Problems.NotFound("api_key_not_found", "There is no such key.");

    /// <param name="Key">Shown this once.</param>
    private sealed record KeyAnswer(string Key, ApiKeyRow ApiKey);

    private sealed record KeyBody(string? Name, IReadOnlyList<string?>? Scopes, DateTimeOffset? ExpiresAt);
}
