using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Vellarys.Accounts.Access;
using Vellarys.Secrets;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Accounts.Access;

public sealed class SessionTests
{
    [Fact]
    public async Task Refresh_RotatesAndASecondTabGetsItsOwn_LaterReuseEndsTheFamily()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        SignedIn signed = await host.SignInAsync("ana");

        Answer first = await RefreshAsync(host, signed.Cookie);
        // So that half a minute has not passed, however slow the machine.
        await host.Api.Rows.RunAsync("update refresh_tokens set used_at = used_at + interval '10 minutes'");
        Answer[] tabs =
        [
            first, .. await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RefreshAsync(host, signed.Cookie))),
        ];
        Assert.All(tabs, t => Assert.Equal(HttpStatusCode.OK, t.Status));
        Assert.Equal(4, tabs.Select(t => t.CookiePair).Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(host, tabs[3].CookiePair!)).Status);
        string token = tabs[0].Body.GetProperty("accessToken").GetString()!;

        await host.Api.Rows.RunAsync(
            "update refresh_tokens set used_at = now() - interval '31 seconds' where used_at is not null");
        Answer reuse = await RefreshAsync(host, signed.Cookie);
        Answer heir = await RefreshAsync(host, tabs[0].CookiePair!);

        Assert.Equal((HttpStatusCode.Unauthorized, "session_ended"), (reuse.Status, reuse.Code));
        Assert.Equal((HttpStatusCode.Unauthorized, "session_ended"), (heir.Status, heir.Code));
        Assert.Equal(HttpStatusCode.Unauthorized, (await MeAsync(host, token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await MeAsync(host, signed.Token)).Status);
    }

    [Fact]
    public async Task Refresh_FromAPageOfAnotherSite_IsRefused()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/auth/refresh");
        request.Headers.Add("Origin", "https://elsewhere.example");
        using HttpResponseMessage response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task SignOut_EndsThisSession_EndAllEndsEach_FromTheNextCall()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        SignedIn phone = await host.SignInAsync("ana"), desk = await host.SignInAsync("ana");

        await host.SendAsync(HttpMethod.Post, "/auth/sign-out", bearer: phone.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await MeAsync(host, phone.Token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(host, phone.Cookie)).Status);
        Assert.Equal(HttpStatusCode.OK, (await MeAsync(host, desk.Token)).Status);

        SignedIn other = await host.SignInAsync("ana");
        await host.SendAsync(HttpMethod.Post, "/auth/sessions/end", bearer: other.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await MeAsync(host, desk.Token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await MeAsync(host, other.Token)).Status);
    }

    [Fact]
    public async Task Change_OfRoleProfileOrAccount_HoldsFromTheNextCall()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "boss");
        Answer profile = await host.AsInstallationAsync(
            HttpMethod.Post, "/profiles", new { name = "Books", permissions = new[] { "reports.read" } }, tenant);
        Guid profileId = profile.Body.GetProperty("id").GetGuid();
        Guid ana = await host.AddUserAsync(tenant, "ana", "atendente", profileId);
        string token = (await host.SignInAsync("ana")).Token;
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/custody")).Status);
        Assert.Equal("not_permitted", (await GetAsync("/teams")).Code);

        await host.AsInstallationAsync(
            HttpMethod.Put, $"/profiles/{profileId}", new { name = "Books", permissions = new[] { "teams.read" } },
            tenant);
        Assert.Equal("not_permitted", (await GetAsync("/custody")).Code);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/teams")).Status);

        await host.AsInstallationAsync(
            HttpMethod.Put, $"/users/{ana}", new { name = "Ana", role = "supervisor" }, tenant);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/custody")).Status);

        Answer gone = await host.AsInstallationAsync(HttpMethod.Delete, $"/users/{ana}", tenant: tenant);
        Assert.Equal(HttpStatusCode.NoContent, gone.Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "token_invalid"),
            ((await GetAsync("/custody")).Status, (await GetAsync("/custody")).Code));

        Task<Answer> GetAsync(string path) => host.SendAsync(HttpMethod.Get, path, bearer: token);
    }

    [Fact]
    public async Task OnePerson_InTwoTenants_ChoosesWithARefreshAndSeesOneAtATime()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId a = await host.Api.Rows.TenantAsync("A"), b = await host.Api.Rows.TenantAsync("B");
        TenantId c = await host.Api.Rows.TenantAsync("C");
        await host.AddUserAsync(a, "ana");
        await host.AsInstallationAsync(HttpMethod.Post, "/users", new
        {
            email = "ANA@example.com", username = "other", name = "Ana B", password = "another long password",
            role = "atendente",
        }, b);

        Answer none = await host.SendAsync(
            HttpMethod.Post, "/auth/sign-in", new { login = "ana", password = AccountHost.Password });
        Assert.Equal(JsonValueKind.Null, none.Body.GetProperty("tenantId").ValueKind);
        Assert.Equal(2, none.Body.GetProperty("tenants").GetArrayLength());
        string bare = none.Body.GetProperty("accessToken").GetString()!;
        Assert.Equal("not_permitted", (await host.SendAsync(HttpMethod.Get, "/teams", bearer: bare)).Code);

        Answer atB = await RefreshAsync(host, none.CookiePair!, b);
        Answer atC = await RefreshAsync(host, atB.CookiePair!, c);
        Answer still = await RefreshAsync(host, atC.CookiePair!);
        string token = atB.Body.GetProperty("accessToken").GetString()!;

        Assert.Equal("atendente", atB.Body.GetProperty("role").GetString());
        Assert.Equal("foreign_tenant", atC.Code);
        Assert.Equal(b.Value, still.Body.GetProperty("tenantId").GetGuid());
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/teams", bearer: token)).Status);
        Assert.Equal("foreign_tenant",
            (await host.SendAsync(HttpMethod.Get, "/teams", bearer: token, tenant: a)).Code);
    }

    [Fact]
    public async Task Token_ThatIsNotOurs_OpensNothing()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        Guid user = await host.AddUserAsync(tenant, "ana");
        string good = (await host.SignInAsync("ana")).Token;
        JsonWebToken read = new(good);
        (string kid, byte[] secret) = await KeyAsync(host);
        Assert.Equal(kid, read.Kid);
        Assert.All(new[] { "iss", "aud", "sub", "exp", "iat", "jti", "tenant", "pv", "sid" },
            claim => Assert.True(read.TryGetPayloadValue(claim, out object _), claim));
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;

        Dictionary<string, string> bad = new()
        {
            ["alg none"] = Raw(new { alg = "none", typ = "JWT" }, read.EncodedPayload, ""),
            ["alg none with a kid"] = Raw(new { alg = "none", typ = "JWT", kid }, read.EncodedPayload, ""),
            ["no signature"] = $"{read.EncodedHeader}.{read.EncodedPayload}.",
            ["tampered"] = $"{read.EncodedHeader}.{Encode(Payload(read).Replace(
                tenant.ToString(), Ids.New(TimeProvider.System).ToString(), StringComparison.Ordinal))}"
                + $".{read.EncodedSignature}",
            ["wrong kid"] = Make(secret, "another"),
            ["no kid"] = Make(secret, null),
            ["another key"] = Make(new byte[32], kid),
            ["wrong audience"] = Make(secret, kid, audience: "other-api"),
            ["wrong issuer"] = Make(secret, kid, issuer: "somebody"),
            ["expired"] = Make(secret, kid, expires: now.AddMinutes(-1)),
            ["another algorithm"] = Make([.. secret, .. secret], kid, algorithm: SecurityAlgorithms.HmacSha512),
            ["no tokens at all"] = "a.b.c",
            ["very long"] = good + new string('x', 10_000),
        };

        Assert.Equal(HttpStatusCode.OK, (await MeAsync(host, Make(secret, kid))).Status);
        foreach ((string what, string token) in bad)
        {
            Answer answer = await MeAsync(host, token);
            Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{what}: {answer.Status}");
        }

        string Make(
            byte[] key, string? id, string issuer = "vellarys", string audience = "vellarys-api",
            DateTime? expires = null, string algorithm = SecurityAlgorithms.HmacSha256) =>
            new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = issuer,
                Audience = audience,
                IssuedAt = now.AddMinutes(-20),
                Expires = expires ?? now.AddMinutes(5),
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = user.ToString(),
                    ["sid"] = read.GetPayloadValue<string>("sid"),
                    ["tenant"] = tenant.ToString(),
                    ["pv"] = 1,
                },
                SigningCredentials = new SigningCredentials(
                    new SymmetricSecurityKey(key) { KeyId = id }, algorithm),
            });
    }

    [Fact]
    public async Task SigningKeys_Rotate_WithTwoLive()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        SignedIn signed = await host.SignInAsync("ana");
        // A month later, at another instance: this one has the key in mind for a minute at most.
        await host.Api.Rows.RunAsync("update signing_keys set created_at = now() - interval '31 days'");
        SigningKeys another = Instance(host);
        SigningKey next = await another.CurrentAsync(default);

        Assert.NotEqual(new JsonWebToken(signed.Token).Kid, next.Kid);
        Assert.NotNull(await another.FindAsync(new JsonWebToken(signed.Token).Kid, default));
        await host.Api.Rows.RunAsync("update signing_keys set created_at = created_at - interval '31 days'");
        SigningKeys third = Instance(host);
        Assert.Null(await third.FindAsync(new JsonWebToken(signed.Token).Kid, default));
        Assert.NotNull(await third.FindAsync(next.Kid, default));
    }

    [Fact]
    public async Task Call_WithAToken_CostsOneRoundTripMore()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        string token = (await host.SignInAsync("ana")).Token;
        await host.SendAsync(HttpMethod.Get, "/teams", bearer: token);
        using RoundTrips trips = new(host.Api.Database);

        await host.SendAsync(HttpMethod.Get, "/teams", bearer: token);
        int signedIn = trips.Sent.Count(t => t.Contains("from sessions", StringComparison.Ordinal));

        Assert.Equal(1, signedIn);
    }

    private static Task<Answer> RefreshAsync(AccountHost host, string cookie, TenantId? tenant = null) =>
        host.SendAsync(
            HttpMethod.Post, "/auth/refresh", tenant is { } id ? new { tenantId = id.Value } : null, cookie: cookie);

    private static Task<Answer> MeAsync(AccountHost host, string token) =>
        host.SendAsync(HttpMethod.Get, "/auth/me", bearer: token);

    private static SigningKeys Instance(AccountHost host) => new(
        host.Api.Database.App, new AccountSecrets(SecretBox.WithoutKeys), TimeProvider.System,
        NullLogger<SigningKeys>.Instance);

    private static async Task<(string Kid, byte[] Secret)> KeyAsync(AccountHost host)
    {
        await using NpgsqlCommand command = host.Api.Database.Owner.CreateCommand(
            "select kid, secret from signing_keys");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetGuid(0).ToString("N"), Convert.FromBase64String(reader.GetString(1)));
    }

    private static string Payload(JsonWebToken token) => Base64UrlEncoder.Decode(token.EncodedPayload);

    private static string Encode(string text) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(text));

    private static string Raw(object header, string payload, string signature) =>
        $"{Encode(JsonSerializer.Serialize(header))}.{payload}.{signature}";
}
