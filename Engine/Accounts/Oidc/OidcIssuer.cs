using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Vellarys.Accounts.Oidc;

/// <summary>
/// What the issuer says of itself, and its keys: kept for an hour, or for a day while it cannot be reached, and asked
/// for anew when a token names a key that is not among them.
/// </summary>
internal sealed class OidcIssuer(OidcOptions options, OidcDocuments documents, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeptAtMost = TimeSpan.FromDays(1);

    /// <summary>Strange keys make us ask no more often than this.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private OpenIdConnectConfiguration? _known;
    private long _readAt;

    /// <exception cref="TransientFault">It cannot be reached, or is not who it should be.</exception>
    public Task<OpenIdConnectConfiguration> ReadAsync(CancellationToken cancellationToken) =>
        ReadAsync(Kept, cancellationToken);

    /// <summary>As it is now, within seconds: it may have changed its keys.</summary>
    public Task<OpenIdConnectConfiguration> ReadAnewAsync(CancellationToken cancellationToken) =>
        ReadAsync(Fresh, cancellationToken);

    private async Task<OpenIdConnectConfiguration> ReadAsync(TimeSpan kept, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_known is not null && time.GetElapsedTime(_readAt) < kept) return _known;
            _known = await FetchAsync(cancellationToken);
            _readAt = time.GetTimestamp();
            return _known;
        }
        catch (TransientFault) when (_known is not null && time.GetElapsedTime(_readAt) < KeptAtMost)
        {
            return _known;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            OpenIdConnectConfiguration read = await OpenIdConnectConfigurationRetriever.GetAsync(
                options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration", documents, cancellationToken);
            // Whose keys these are is what all else rests on.
            return read.Issuer == options.Issuer
                ? read
                : throw new TransientFault("oidc_issuer", "The issuer goes by another name than OIDC_ISSUER.");
        }
        catch (Exception e) when (e is ArgumentException or JsonException or InvalidOperationException)
        {
            throw new TransientFault("oidc_issuer", "What the issuer publishes cannot be read.", e);
        }
    }

    public void Dispose() => _gate.Dispose();
}
