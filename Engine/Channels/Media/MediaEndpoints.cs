using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Channels.Media;

/// <summary>Files of messages: staff's links to them, and uploads to be sent.</summary>
internal static class MediaEndpoints
{
    private static readonly string[] Kinds = ["image", "audio", "video", "document", "sticker"];

    public static void MapMedia(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder media = routes.MapGroup("/media");
        media.MapGet("/{id:guid}", ReadAsync).Needs(Permissions.ReadConversations, "media.read")
            .Gives(typeof(MediaAnswer));
        media.MapPut("/{id:guid}", UploadAsync).Needs(Permissions.AnswerConversations, "media.upload")
            .Asks("kind", "fileName", "voice").Gives(typeof(MediaAnswer));
    }

    /// <summary>Outside of the API: the link itself says who may.</summary>
    public static void MapMediaLinks(this IEndpointRouteBuilder routes) =>
        routes.MapGet(MediaLinks.Path + "/{token}", ServeAsync);

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, MediaRows rows, MediaLinks links) =>
        await rows.FindAsync(context.Tenant(), id, context.RequestAborted) is { } row
            ? TypedResults.Ok(await AnswerAsync(context, row, links))
            : NotFound();

    private static async Task<IResult> UploadAsync(
        Guid id, HttpContext context, UploadMedia upload, MediaLinks links, MediaOptions options)
    {
        var query = new QueryInput(context.Request);
        string? kind = query.Choice("kind", Kinds);
        bool isVoice = query.Flag("voice") ?? false;
        string? name = query.Text("fileName", MediaName.MaxLength);
        if (query.Problem is { } problem) return problem;
        if (kind is null) return Problems.Invalid("kind", "must be among " + string.Join(", ", Kinds));
        if (context.Request.ContentLength > options.MaxBytes) return Problems.TooLarge(options.MaxBytes);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.MaxBytes + 1;

        var wanted = new UploadInput(id, kind, isVoice, name, context.Request.ContentType);
        return await upload.RunAsync(context.Tenant(), wanted, context.Request.Body, context.RequestAborted) switch
        {
            UploadResult.Stored stored => TypedResults.Ok(await AnswerAsync(context, stored.Row, links)),
            UploadResult.Refused { Code: "too_large" } => Problems.TooLarge(options.MaxBytes),
            UploadResult.Refused { Code: "empty" } => Problems.Invalid("body", "must not be empty"),
            UploadResult.Refused { Code: "type" } => Problems.Invalid(
                "body", $"is no {kind} by its content, or of a type that is not taken"),
            UploadResult.Refused { Code: "infected" } => Problems.Refused("infected", "The file holds malware."),
            UploadResult.Refused { Code: "id_taken" } => Problems.Refused(
                "id_taken", "There is another file of this id."),
            UploadResult.Refused { Code: "upload_under_way" } => Problems.Refused(
                "upload_under_way", "This upload is under way: send it again in a moment, for its outcome."),
            _ => Problems.ForStatus(StatusCodes.Status503ServiceUnavailable),
        };
    }

    private static async Task<IResult> ServeAsync(
        string token, HttpContext context, MediaLinks links, MediaRows rows, IMediaStore store)
    {
        CancellationToken stop = context.RequestAborted;
        if (await links.ReadAsync(token, stop) is not { } link
            || await rows.FindAsync(link.Tenant, link.Media, stop) is not { State: "stored", MimeType: { } type } row
            || await store.OpenAsync(KeepFile.KeyOf(link.Tenant, link.Media), stop) is not { } file)
            return NotFound();

        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "private, no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "same-site";
        headers["Referrer-Policy"] = "no-referrer";
        // Pictures and sound are shown; whatever else is there to be saved.
        bool isShown = row.Kind != "document" && type is not "image/heic";
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(MediaName.Of(row.FileName, row.Kind, type));
        headers.ContentDisposition = disposition.ToString();
        return TypedResults.Stream(file, type, enableRangeProcessing: true);
    }

    private static async Task<MediaAnswer> AnswerAsync(HttpContext context, MediaRow row, MediaLinks links)
    {
        string? url = null;
        DateTimeOffset? until = null;
        if (row.State == "stored")
            (url, until) = await links.MakeAsync(context.Tenant(), row.Id, context.RequestAborted);
        return new MediaAnswer(
            row.Id, row.Kind, row.State, row.Reason, row.MimeType, row.FileName, row.SizeBytes, row.IsVoice,
            row.IsViewOnce, url, until);
    }

    private static IResult NotFound() => Problems.NotFound("media_not_found", "There is no such file.");

    /// <param name="State">
    /// <c>waiting</c>, <c>stored</c>, <c>refused</c>, <c>gone</c>, <c>failed</c> or <c>deleted</c>.
    /// </param>
    /// <param name="Url">Good for a few minutes, for whoever has it; null for what is not stored.</param>
    private sealed record MediaAnswer(
        Guid Id, string Kind, string State, string? Reason, string? MimeType, string? FileName, long? SizeBytes,
        bool IsVoice, bool IsViewOnce, string? Url, DateTimeOffset? UrlExpiresAt);
}
