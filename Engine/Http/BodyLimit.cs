using Microsoft.AspNetCore.Http;

namespace Vellarys.Http;

/// <summary>What an endpoint takes where that is more than others do, in bytes.</summary>
internal sealed record BodyLimit(long Bytes)
{
    /// <summary>What the endpoint of this call takes.</summary>
    public static long Of(HttpContext context, ApiOptions options) => Math.Max(
        options.MaxBodyBytes, context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? 0);
}
