using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Vellarys.Api.Http;

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
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpRequest request, ApiOptions options)
        where T : class
    {
        if (!request.HasJsonContentType()) return (null, Problems.NotJson());
        if (request.ContentLength > options.MaxBodyBytes) return (null, Problems.TooLarge(options.MaxBodyBytes));
        try
        {
            using MemoryStream bytes = new();
            byte[] buffer = new byte[4_096];
            int read;
            while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
            {
                if (bytes.Length + read > options.MaxBodyBytes) return (null, Problems.TooLarge(options.MaxBodyBytes));
                bytes.Write(buffer, 0, read);
            }

            T? body = JsonSerializer.Deserialize<T>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), Strict);
            if (NulInput.FieldOf(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) is { } field)
                return (null, Problems.Invalid(field, TextInput.Nul));
            return body is null ? (null, Problems.Invalid("$", "must be a JSON object")) : (body, null);
        }
        catch (JsonException e)
        {
            return (null, Problems.Invalid(Field(e), "is unknown, repeated or not of the expected type"));
        }
    }

    private static string Field(JsonException e)
    {
        string path = e.Path ?? "$";
        if (path.StartsWith("$.", StringComparison.Ordinal)) path = path[2..];
        return path.Length <= 100 ? path : path[..100];
    }
}
