using System.Net;
using Xunit;

namespace Vellarys.Tests.Accounts.Oidc;

public sealed class OidcTests
{
    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task SignIn_OfAnAddressThatIsVouchedFor_OpensItsAccount(string way)
    {
        await using OidcHost world = await OidcHost.StartAsync();
        world.Issuer.Way = way;
        Browser browser = new();
        OidcAnswer answer = await world.SignInAsync(browser);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Access.Answer me = await world.Host.SendAsync(HttpMethod.Get, "/auth/me", bearer: answer.Token);
        Assert.Equal(
            (world.Ana, world.Tenant.Value),
            (me.Body.GetProperty("id").GetGuid(), me.Body.GetProperty("tenantId").GetGuid()));
        // What is left is the session's cookie alone, and it goes on.
        string cookie = $"vellarys_refresh={Assert.Single(browser.Cookies).Value}";
        Access.Answer refreshed = await world.Host.SendAsync(HttpMethod.Post, "/auth/refresh", cookie: cookie);
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
    }

    [Fact]
    public async Task Identity_OnceBound_IsTheSubject_WhateverTheAddressIs()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);

        world.Issuer.Claims = c => (c["email"], c["email_verified"]) = ("ana.souza@example.com", false);
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);
        // Who has the address now, as after it was given to somebody else.
        world.Issuer.Claims = c => c["sub"] = "subject-2";
        Assert.Equal("oidc_bound_to_another", (await world.SignInAsync()).Code);

        Access.Answer unbound = await world.Host.AsInstallationAsync(
            HttpMethod.Delete, $"/users/{world.Ana}/identity", tenant: world.Tenant);
        Assert.Equal(HttpStatusCode.NoContent, unbound.Status);
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);
        world.Issuer.Claims = _ => { };
        Assert.Equal("oidc_bound_to_another", (await world.SignInAsync()).Code);
    }

    [Theory]
    [InlineData("ana@example.com", false, "oidc_email_unverified")]
    [InlineData("ana@example.com", null, "oidc_email_unverified")]
    [InlineData(null, true, "oidc_email_unverified")]
    [InlineData("nobody@example.com", true, "oidc_no_account")]
    [InlineData("ana", true, "oidc_no_account")]
    public async Task SignIn_OfAnAddressThatOpensNothing_MakesNoAccountAndNoSession(
        string? email, bool? verified, string code)
    {
        await using OidcHost world = await OidcHost.StartAsync();
        world.Issuer.Claims = claims =>
        {
            claims.Remove("email");
            claims.Remove("email_verified");
            if (email is not null) claims["email"] = email;
            if (verified is { } said) claims["email_verified"] = said;
            claims["preferred_username"] = "ana@example.com";
            claims["upn"] = "ana@example.com";
        };

        OidcAnswer answer = await world.SignInAsync();
        Assert.Equal((HttpStatusCode.Unauthorized, code), (answer.Status, answer.Code));
        Assert.Equal(1L, await CountAsync(world, "users"));
        Assert.Equal(0L, await CountAsync(world, "sessions"));
        Assert.Equal(0L, await CountAsync(world, "user_identities"));
    }

    [Fact]
    public async Task ClosedAccount_SuspendedTenantAndNetworks_HoldAsForPasswords()
    {
        await using OidcHost world = await OidcHost.StartAsync(IPAddress.Parse("203.0.113.9"));
        OidcAnswer answer = await world.SignInAsync();
        await world.Host.Api.Rows.RunAsync("update tenants set allowed_networks = array['198.51.100.0/24']");
        Assert.Equal("address_not_allowed", await MeAsync(world, answer.Token));
        await world.Host.Api.Rows.RunAsync(
            "update tenants set allowed_networks = '{}', status = 'suspended'");
        Assert.Equal("token_invalid", await MeAsync(world, answer.Token));
        OidcAnswer suspended = await world.SignInAsync(query: $"?tenantId={world.Tenant}");
        Assert.Equal((HttpStatusCode.Forbidden, "foreign_tenant"), (suspended.Status, suspended.Code));

        await world.Host.Api.Rows.RunAsync("update users set active = false");
        Assert.Equal("oidc_no_account", (await world.SignInAsync()).Code);
    }

    [Fact]
    public async Task State_ThatIsNotThisBrowsersOwn_OpensNothing()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        world.Issuer.TakesCodesAgain = true;
        Browser browser = new();
        string callback = await world.GoAsync(browser);
        Dictionary<string, string> kept = new(browser.Cookies);

        // Whoever is sent a link of somebody else's sign-in.
        Assert.Equal("oidc_state_invalid", (await world.ComeBackAsync(new Browser(), callback)).Code);
        Assert.Equal("oidc_state_invalid", (await world.ComeBackAsync(browser, callback.Replace(
            "state=", "state=x", StringComparison.Ordinal))).Code);
        Assert.Equal("oidc_refused", (await world.ComeBackAsync(Restored(), callback.Replace(
            "&iss=", "&iss=https://evil.example", StringComparison.Ordinal))).Code);
        Assert.Equal(HttpStatusCode.OK, (await world.ComeBackAsync(browser, callback)).Status);
        // Played again with the cookie that was kept, at an issuer that takes the code again.
        Assert.Equal("oidc_state_invalid", (await world.ComeBackAsync(Restored(), callback)).Code);
        Assert.Equal(1L, await CountAsync(world, "sessions"));

        string late = await world.GoAsync(browser);
        world.Clock.Ahead = TimeSpan.FromMinutes(11);
        Assert.Equal("oidc_state_invalid", (await world.ComeBackAsync(browser, late)).Code);

        Browser Restored()
        {
            Browser restored = new();
            foreach ((string name, string value) in kept) restored.Cookies[name] = value;
            return restored;
        }
    }

    [Fact]
    public async Task TwoTabs_OfOneBrowser_BothSignIn()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        Browser browser = new();
        string first = await world.GoAsync(browser), second = await world.GoAsync(browser);
        Assert.Equal(HttpStatusCode.OK, (await world.ComeBackAsync(browser, first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.ComeBackAsync(browser, second)).Status);
    }

    [Fact]
    public async Task Code_OfAnotherSignIn_IsNotTaken()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        Browser mine = new();
        string own = await world.GoAsync(mine), others = await world.GoAsync(new Browser());
        string state = own[own.IndexOf("&state=", StringComparison.Ordinal)..];
        string injected = others[..others.IndexOf("&state=", StringComparison.Ordinal)] + state;
        Assert.Equal("oidc_refused", (await world.ComeBackAsync(mine, injected)).Code);
    }

    [Fact]
    public async Task Page_ToReturnTo_IsOneOfOurs()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        OidcAnswer answer = await world.SignInAsync(query: "?returnTo=/inbox%3Ftab%3Dmine");
        Assert.Equal((HttpStatusCode.Redirect, "/inbox?tab=mine"), (answer.Status, answer.Location));
        foreach (string page in new[] { "https://evil.example", "//evil.example", "/\\evil.example", "/a%0d%0ab" })
        {
            using HttpResponseMessage refused = await new Browser().GetAsync(
                world.Host, "/api/v1/auth/oidc/start?returnTo=" + page);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Issuer_ThatIsDownOrAnother_IsNoFaultOfOurs()
    {
        await using OidcHost world = await OidcHost.StartAsync();
        world.Issuer.IsDown = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StartAsync());
        (world.Issuer.IsDown, world.Issuer.Name) = (false, "https://another.example");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StartAsync());
        world.Issuer.Name = null;
        Assert.Equal(HttpStatusCode.OK, (await world.SignInAsync()).Status);
        // What it said holds for a while.
        world.Issuer.IsDown = true;
        world.Clock.Ahead = TimeSpan.FromHours(2);
        Assert.Equal(HttpStatusCode.Redirect, await StartAsync());

        async Task<HttpStatusCode> StartAsync()
        {
            using HttpResponseMessage answer = await new Browser().GetAsync(world.Host, "/api/v1/auth/oidc/start");
            return answer.StatusCode;
        }
    }

    private static async Task<string?> MeAsync(OidcHost world, string token) =>
        (await world.Host.SendAsync(HttpMethod.Get, "/auth/me", bearer: token)).Code;

    private static Task<long> CountAsync(OidcHost world, string table) =>
        world.Host.Api.Rows.ScalarAsync<long>($"select count(*) from {table}");
}
