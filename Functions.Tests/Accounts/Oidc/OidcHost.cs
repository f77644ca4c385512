using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts.Oidc;
using Vellarys.Tests.Accounts.Access;
using Xunit;

namespace Vellarys.Tests.Accounts.Oidc;

/// <summary>An installation with an issuer, and browsers that go to and fro.</summary>
internal sealed class OidcHost : IAsyncDisposable
{
    private OidcHost(AccountHost host, TestIssuer issuer, MovableClock clock) =>
        (Host, Issuer, Clock) = (host, issuer, clock);

    public AccountHost Host { get; }

    public TestIssuer Issuer { get; }

    public MovableClock Clock { get; }

    public TenantId Tenant { get; private set; }

    public Guid Ana { get; private set; }

    public static async Task<OidcHost> StartAsync(IPAddress? remote = null)
    {
        TestIssuer issuer = await TestIssuer.StartAsync();
        MovableClock clock = new();
        AccountHost host = await AccountHost.StartAsync(
            new()
            {
                ["OIDC_ISSUER"] = issuer.Address,
                ["OIDC_CLIENT_ID"] = TestIssuer.ClientId,
                ["OIDC_CLIENT_SECRET"] = TestIssuer.Secret,
                ["PUBLIC_URL"] = "http://127.0.0.1/",
            },
            remote: remote, services: more =>
            {
                more.AddSingleton<TimeProvider>(clock);
                // However slow the machine.
                more.AddHttpClient(OidcDocuments.HttpClientName, c => c.Timeout = TimeSpan.FromMinutes(2));
            });
        OidcHost made = new(host, issuer, clock);
        made.Tenant = await host.Api.Rows.TenantAsync();
        made.Ana = await host.AddUserAsync(made.Tenant, "ana");
        return made;
    }

    /// <summary>Where the issuer sends the browser back to, with what it brings.</summary>
    public async Task<string> GoAsync(Browser browser, string query = "")
    {
        using HttpResponseMessage start = await browser.GetAsync(Host, "/api/v1/auth/oidc/start" + query);
        Assert.Equal(HttpStatusCode.Redirect, start.StatusCode);
        using HttpResponseMessage there = await Host.Client.GetAsync(start.Headers.Location);
        Assert.Equal(HttpStatusCode.Redirect, there.StatusCode);
        Assert.StartsWith(
            "http://127.0.0.1/api/v1/auth/oidc/callback?", there.Headers.Location!.OriginalString,
            StringComparison.Ordinal);
        return there.Headers.Location.PathAndQuery;
    }

    public async Task<OidcAnswer> SignInAsync(Browser? browser = null, string query = "")
    {
        browser ??= new Browser();
        return await ComeBackAsync(browser, await GoAsync(browser, query));
    }

    public async Task<OidcAnswer> ComeBackAsync(Browser browser, string callback)
    {
        using HttpResponseMessage response = await browser.GetAsync(Host, callback);
        string text = await response.Content.ReadAsStringAsync();
        return new OidcAnswer(
            response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text),
            response.Headers.Location?.OriginalString);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

/// <summary>Keeps cookies by their names.</summary>
internal sealed class Browser
{
    public Dictionary<string, string> Cookies { get; } = [];

    public async Task<HttpResponseMessage> GetAsync(AccountHost host, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        HttpResponseMessage response = await host.Client.SendAsync(request);
        if (!response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? given)) return response;
        foreach (string cookie in given)
        {
            string[] pair = cookie.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0) Cookies.Remove(pair[0]);
            else Cookies[pair[0]] = pair[1];
        }

        return response;
    }
}

/// <summary>What came of a sign-in.</summary>
internal sealed record OidcAnswer(HttpStatusCode Status, JsonElement Body, string? Location)
{
    public string? Code => Body.TryGetProperty("code", out JsonElement code) ? code.GetString() : null;

    public string Token => Body.GetProperty("accessToken").GetString()!;
}
