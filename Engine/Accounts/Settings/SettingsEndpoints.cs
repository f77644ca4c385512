using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Vellarys.Http;

namespace Vellarys.Accounts.Settings;

/// <summary>A tenant's settings, as one document.</summary>
internal static class SettingsEndpoints
{
    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings", ReadAsync).Needs(Permissions.ReadSettings, "settings.read")
            .Gives(typeof(TenantSettings));
        routes.MapPut("/settings", SaveAsync).Needs(Permissions.ManageSettings, "settings.update")
            .Takes(typeof(TenantSettings)).Gives(typeof(TenantSettings));
        routes.MapGet("/settings/schema", Schema).Needs(Permissions.ReadSettings, "settings.schema");
    }

    private static JsonHttpResult<JsonObject> Schema() =>
        TypedResults.Json(SettingsSchema.Document, contentType: "application/schema+json");

    private static async Task<IResult> ReadAsync(HttpContext context, SettingsStore store) =>
        Answer(context, await store.ReadAsync(context.Tenant(), context.RequestAborted));

    private static async Task<IResult> SaveAsync(HttpContext context, SettingsStore store, ApiOptions options)
    {
        if (Tag(context.Request) is not { } tag)
        {
            return Problems.Of(
                StatusCodes.Status428PreconditionRequired, "if_match_required",
                "Send the ETag of the settings that you read as If-Match, so that nobody's change is lost.");
        }

        (TenantSettings? settings, IResult? problem) = await JsonBody.ReadAsync(
            context.Request, options, StoredSettings.ReadStrictly);
        if (settings is null) return problem!;
        if (Problems.Invalid(SettingFaults.Of(settings)) is { } invalid) return invalid;
        if (!await store.SaveAsync(context.Tenant(), settings, tag, context.RequestAborted))
        {
            return Problems.Of(
                StatusCodes.Status412PreconditionFailed, "changed_meanwhile",
                "Somebody changed the settings since you read them: read them again.");
        }

        return await ReadAsync(context, store);
    }

    private static JsonHttpResult<TenantSettings> Answer(HttpContext context, StoredDocument document)
    {
        context.Response.Headers.ETag = $"\"{document.Tag}\"";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(document.Settings, TenantJson.Default.TenantSettings);
    }

    /// <summary>The one tag of <c>If-Match</c>, or <c>*</c>; null when there is none such.</summary>
    private static string? Tag(HttpRequest request)
    {
        string header = request.Headers.IfMatch.ToString();
        if (header == "*") return "*";
        return EntityTagHeaderValue.TryParse(header, out EntityTagHeaderValue? tag)
            ? tag.Tag.ToString().Trim('"')
            : null;
    }
}
