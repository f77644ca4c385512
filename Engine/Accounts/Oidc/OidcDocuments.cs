using System.Net.Http;
using Microsoft.IdentityModel.Protocols;

namespace Vellarys.Accounts.Oidc;

/// <summary>What the issuer publishes, over HTTPS only unless it is on this machine.</summary>
internal sealed class OidcDocuments(IHttpClientFactory http, OidcOptions options) : IDocumentRetriever
{
    public const string HttpClientName = "oidc";

    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        using HttpClient client = http.CreateClient(HttpClientName);
        try
        {
            using HttpResponseMessage response = await client.GetAsync(AddressOf(address, options), cancel);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsStringAsync(cancel)
                : throw new TransientFault("oidc_issuer", $"The issuer answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            throw new TransientFault("oidc_issuer", "The issuer cannot be reached.", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TransientFault("oidc_issuer", "The issuer is too slow.", e);
        }
    }

    /// <summary>An address that the issuer named.</summary>
    public static Uri AddressOf(string? text, OidcOptions options) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttps
            || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback && options.IsLocal))
            ? address
            : throw new TransientFault("oidc_issuer", "The issuer names an address that is none over HTTPS.");
}
