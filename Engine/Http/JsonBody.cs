using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Http;

/// <summary>Reads a request body strictly: what is not understood is refused by name, never ignored.</summary>
internal static class JsonBody
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    /// <summary>The body, or the problem to answer with.</summary>
    public static Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, ApiOptions options)
        where T : class => ReadAsync(request, options, bytes => JsonSerializer.Deserialize<T>(bytes, Strict));

    /// <summary>For what is read in a way of its own.</summary>
    /// <param name="parse">Throws what is wrong as a <see cref="JsonException"/>.</param>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(
        HttpRequest request, ApiOptions options, Func<ReadOnlySpan<byte>, T?> parse)
        where T : class
    {
        if (!request.HasJsonContentType()) return (null, Problems.NotJson());
        BodyBudget budget = request.HttpContext.RequestServices.GetRequiredService<BodyBudget>();
        CancellationToken aborted = request.HttpContext.RequestAborted;
        long most = BodyLimit.Of(request.HttpContext, options);
        BodyRead read = await RequestBody.ReadAsync(request, most, budget, aborted);
        if (read.Body is null) return (null, Problems.Unread(read.Fault, most));
        using RequestBody bytes = read.Body;
        try
        {
            T? body = parse(bytes.Bytes.Span);
            if (NulInput.FieldOf(bytes.Bytes.Span) is { } field) return (null, Problems.Invalid(field, TextInput.Nul));
            return body is null ? (null, Problems.Invalid("$", "must be a JSON object")) : (body, null);
        }
        catch (JsonException e)
        {
            return (null, Problems.Invalid(Field(e), Reason(e)));
        }
    }

    /// <summary>
    /// The reader's own failure means that the text is none of JSON; whatever else, that it does not fit.
    /// </summary>
    private static string Reason(JsonException e) => e.InnerException is JsonException
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"is no JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on")
        : "is unknown, repeated or not of the expected type";

    private static string Field(JsonException e)
    {
        string path = e.Path ?? "$";
        if (path.StartsWith("$.", StringComparison.Ordinal)) path = path[2..];
        return path.Length <= 100 ? path : path[..100];
    }
}
