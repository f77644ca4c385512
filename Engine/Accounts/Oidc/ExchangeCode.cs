using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Vellarys.Accounts.Oidc;

/// <summary>Changes a code for the identity token, at the issuer itself.</summary>
internal sealed class ExchangeCode(IHttpClientFactory http, OidcOptions options)
{
    private const string InBody = "client_secret_post";
    private const string InHeader = "client_secret_basic";

    /// <summary>Null where the issuer does not take the code.</summary>
    /// <exception cref="TransientFault">It cannot be reached.</exception>
    public async Task<string?> RunAsync(
        OpenIdConnectConfiguration issuer, string code, OidcTicket ticket, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(issuer, code, ticket);
        using HttpClient client = http.CreateClient(OidcDocuments.HttpClientName);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            int status = (int)response.StatusCode;
            if (status >= 500 || status == 429)
                throw new TransientFault("oidc_issuer", $"The issuer answered {status}.");
            return status == 200 ? TokenOf(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
        }
        catch (HttpRequestException e)
        {
            throw new TransientFault("oidc_issuer", "The issuer cannot be reached.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFault("oidc_issuer", "The issuer is too slow.", e);
        }
    }

    private HttpRequestMessage Request(OpenIdConnectConfiguration issuer, string code, OidcTicket ticket)
    {
        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = options.RedirectUri,
            ["client_id"] = options.ClientId,
            ["code_verifier"] = ticket.Verifier,
        };
        HttpRequestMessage request = new(HttpMethod.Post, OidcDocuments.AddressOf(issuer.TokenEndpoint, options));
        ICollection<string> ways = issuer.TokenEndpointAuthMethodsSupported;
        // Who names none means the header (OpenID Connect Discovery 1.0, 3).
        if (ways.Contains(InBody) && !ways.Contains(InHeader)) form["client_secret"] = options.ClientSecret;
        else
        {
            string pair = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private static string? TokenOf(string json)
    {
        try
        {
            using var answer = JsonDocument.Parse(json);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("id_token", out JsonElement token)
                && token.ValueKind == JsonValueKind.String
                ? token.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
