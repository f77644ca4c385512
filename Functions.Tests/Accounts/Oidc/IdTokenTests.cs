using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Vellarys.Accounts.Oidc;
using Xunit;

namespace Vellarys.Tests.Accounts.Oidc;

public sealed class IdTokenTests
{
    [Fact]
    public async Task Token_OfAnotherMakingOrPurpose_OpensNothing()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        using RSA strange = RSA.Create(2048);
        TestIssuer issuer = world.Issuer;
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Dictionary<string, Action<Dictionary<string, object>>> changed = new()
        {
            ["issuer"] = c => c["iss"] = "https://login.example/other",
            ["multi-tenant issuer"] = c => c["iss"] = issuer.Address + "/{tenantid}",
            ["audience"] = c => c["aud"] = "another-client",
            ["no audience"] = c => c.Remove("aud"),
            ["audiences without azp"] = c => c["aud"] = new[] { TestIssuer.ClientId, "another-client" },
            ["expired"] = c => c["exp"] = now - 180,
            ["no expiry"] = c => c.Remove("exp"),
            ["not yet"] = c => c["nbf"] = now + 180,
            ["nonce"] = c => c["nonce"] = "another-nonce",
            ["no nonce"] = c => c.Remove("nonce"),
            ["no subject"] = c => c.Remove("sub"),
        };
        Dictionary<string, Func<Dictionary<string, object>, string>> signed = new()
        {
            ["foreign key of the same id"] =
                c => issuer.Sign(c, new RsaSecurityKey(strange) { KeyId = issuer.Kid }, SecurityAlgorithms.RsaSha256),
            ["foreign key of its own id"] =
                c => issuer.Sign(c, new RsaSecurityKey(strange) { KeyId = "k9" }, SecurityAlgorithms.RsaSha256),
            ["client's secret"] = c => issuer.Sign(
                c, new SymmetricSecurityKey(Encoding.UTF8.GetBytes(TestIssuer.Secret.PadRight(32))) { KeyId = "k1" },
                SecurityAlgorithms.HmacSha256),
            ["public key as a secret"] = c => issuer.Sign(
                c, new SymmetricSecurityKey(issuer.Key.ExportSubjectPublicKeyInfo()) { KeyId = "k1" },
                SecurityAlgorithms.HmacSha256),
            ["unsigned"] = c => $"{Encode(new { alg = "none", typ = "JWT" })}.{Encode(c)}.",
            ["tampered"] = c =>
            {
                string[] parts = issuer.Sign(c, issuer.Own(), SecurityAlgorithms.RsaSha256).Split('.');
                c["sub"] = "subject-of-another";
                return $"{parts[0]}.{Encode(c)}.{parts[2]}";
            },
            ["no token"] = _ => "",
        };

        foreach ((string what, Action<Dictionary<string, object>> change) in changed)
        {
            issuer.Claims = change;
            Assert.Equal((what, "oidc_refused"), (what, (await world.SignInAsync()).Code));
        }

        issuer.Claims = _ => { };
        foreach ((string what, Func<Dictionary<string, object>, string> sign) in signed)
        {
            issuer.Signs = sign;
            Assert.Equal((what, "oidc_refused"), (what, (await world.SignInAsync()).Code));
        }

        Assert.Equal(0L, await world.Host.Api.Rows.ScalarAsync<long>("select count(*) from sessions"));
        issuer.Signs = null;
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);
    }

    [Fact]
    public async Task Clock_ThatIsAMinuteOff_IsNoReasonToRefuse()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        world.Issuer.Claims = c => (c["iat"], c["nbf"]) = (now + 60, now + 60);
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);
        world.Clock.Ahead = TimeSpan.FromMinutes(61);
        world.Issuer.Claims = c => c["exp"] = now + 3_600 + (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - now);
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);
    }

    [Fact]
    public async Task Key_ThatTheIssuerChanged_HoldsAtOnce()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);
        world.Clock.Ahead = TimeSpan.FromSeconds(11);
        world.Issuer.ChangeKey();
        OidcAnswer answer = await world.SignInAsync();
        Assert.Equal((HttpStatusCode.OK, null), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("https://id.example", "email_verified", true, true)]
    [InlineData("https://id.example", "email_verified", "true", true)]
    [InlineData("https://id.example", "email_verified", "false", false)]
    [InlineData("https://id.example", "xms_edov", true, false)]
    [InlineData("https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0", "xms_edov", true, true)]
    [InlineData("https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0", "xms_edov", "1", true)]
    [InlineData("https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0", "xms_edov", 1, true)]
    [InlineData("https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0", "xms_edov", 0, false)]
    [InlineData(
        "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0", "email_verified", true, false)]
    public void Address_IsVouchedFor_ByWhatItsIssuerSays(string issuer, string claim, object value, bool isVerified)
    {
        Dictionary<string, object> claims = new() { ["email"] = "Ana@Example.com", [claim] = value };
        JsonWebToken token = new($"{Encode(new { alg = "none" })}.{Encode(claims)}.");
        Assert.Equal(isVerified ? "ana@example.com" : null, VerifiedEmail.Of(token, new Uri(issuer)));
    }

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
