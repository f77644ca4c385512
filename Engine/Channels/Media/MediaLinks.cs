using Microsoft.IdentityModel.JsonWebTokens;
using Vellarys.Accounts.Access;

namespace Vellarys.Channels.Media;

/// <summary>
/// Links to single files that are good for some minutes, for whoever has them: a browser's picture, a provider.
/// </summary>
internal sealed class MediaLinks(SignedTokens tokens, MediaOptions options, TimeProvider time)
{
    public const string Path = "/media";

    private const string Audience = "vellarys-media";
    private const string TenantClaim = "tenant";

    /// <summary>The link's path, and until when it is good.</summary>
    public async Task<(string Path, DateTimeOffset Until)> MakeAsync(
        TenantId tenant, Guid media, CancellationToken cancellationToken)
    {
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = media.ToString(),
            [TenantClaim] = tenant.ToString(),
        };
        string token = await tokens.IssueAsync(Audience, options.LinkLifetime, claims, cancellationToken);
        return ($"{Path}/{token}", time.GetUtcNow() + options.LinkLifetime);
    }

    /// <summary>Null for whatever is not ours, or not any more.</summary>
    public async Task<(TenantId Tenant, Guid Media)?> ReadAsync(string token, CancellationToken cancellationToken) =>
        await tokens.ReadAsync(token, Audience, cancellationToken) is { } read
        && Guid.TryParse(read.Subject, out Guid media)
        && read.TryGetPayloadValue(TenantClaim, out string named) && Guid.TryParse(named, out Guid tenant)
            ? (new TenantId(tenant), media)
            : null;
}
