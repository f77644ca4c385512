using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vellarys.Tests.Accounts.Oidc;

/// <summary>An issuer of OpenID Connect over real HTTP: it wants the client's secret and the code's verifier.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string ClientId = "vellarys-client";
    public const string Secret = "s3cret/with+signs";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce)> _codes = new();

    private TestIssuer(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>What it calls itself; null: by its address.</summary>
    public string? Name { get; set; }

    public RSA Key { get; private set; } = RSA.Create(2048);

    public string Kid { get; private set; } = "k1";

    public bool IsDown { get; set; }

    /// <summary>Takes a code as often as it comes.</summary>
    public bool TakesCodesAgain { get; set; }

    /// <summary>How the client is to show its secret.</summary>
    public string Way { get; set; } = "client_secret_basic";

    /// <summary>Changes what the token says.</summary>
    public Action<Dictionary<string, object>> Claims { get; set; } = _ => { };

    /// <summary>Makes the token of its claims; null: as it should be.</summary>
    public Func<Dictionary<string, object>, string>? Signs { get; set; }

    public static async Task<TestIssuer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        TestIssuer issuer = new(app);
        app.MapGet("/.well-known/openid-configuration", issuer.Describe);
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { issuer.PublicKey() } }));
        app.MapGet("/authorize", issuer.Authorize);
        app.MapPost("/token", issuer.TokenAsync);
        await app.StartAsync();
        issuer.Address = app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return issuer;
    }

    public void ChangeKey()
    {
        Key = RSA.Create(2048);
        Kid = "k2";
    }

    public string Sign(Dictionary<string, object> claims, SecurityKey key, string algorithm) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims, SigningCredentials = new SigningCredentials(key, algorithm),
        });

    public RsaSecurityKey Own() => new(Key) { KeyId = Kid };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult Describe() => IsDown
        ? Results.StatusCode((int)HttpStatusCode.BadGateway)
        : Results.Json(new
        {
            issuer = Name ?? Address,
            authorization_endpoint = Address + "/authorize",
            token_endpoint = Address + "/token",
            jwks_uri = Address + "/keys",
            token_endpoint_auth_methods_supported = new[] { Way },
        });

    private object PublicKey()
    {
        RSAParameters key = Key.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA", use = "sig", kid = Kid, n = Base64Url.EncodeToString(key.Modulus),
            e = Base64Url.EncodeToString(key.Exponent),
        };
    }

    private IResult Authorize(HttpRequest request)
    {
        string code = Ids.New(TimeProvider.System).ToString("N");
        if (request.Query["client_id"] != ClientId || request.Query["code_challenge_method"] != "S256"
            || request.Query["response_type"] != "code" || !request.Query["scope"].ToString().Contains("openid"))
        {
            return Results.BadRequest();
        }

        _codes[code] = (request.Query["code_challenge"].ToString(), request.Query["nonce"].ToString());
        return Results.Redirect(
            $"{request.Query["redirect_uri"]}?code={code}&state={request.Query["state"]}"
            + $"&iss={Uri.EscapeDataString(Address)}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        IFormCollection form = await request.ReadFormAsync();
        string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(
            $"{Uri.EscapeDataString(ClientId)}:{Uri.EscapeDataString(Secret)}"));
        bool isClient = Way == "client_secret_basic"
            ? request.Headers.Authorization == basic
            : form["client_secret"] == Secret && form["client_id"] == ClientId;
        string code = form["code"].ToString();
        if (!isClient) return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        if (!_codes.TryGetValue(code, out (string Challenge, string Nonce) asked)
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))
                != asked.Challenge)
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        if (!TakesCodesAgain) _codes.TryRemove(code, out _);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Dictionary<string, object> claims = new()
        {
            ["iss"] = Address, ["aud"] = ClientId, ["sub"] = "subject-1", ["iat"] = now, ["exp"] = now + 3_600,
            ["nonce"] = asked.Nonce, ["email"] = "Ana@example.com", ["email_verified"] = true,
        };
        Claims(claims);
        return Results.Json(new
        {
            token_type = "Bearer",
            access_token = "unused",
            id_token = Signs?.Invoke(claims) ?? Sign(claims, Own(), SecurityAlgorithms.RsaSha256),
        });
    }
}
