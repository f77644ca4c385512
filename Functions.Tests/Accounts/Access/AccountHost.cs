using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts.Sessions;
using Vellarys.Tests.Api;

namespace Vellarys.Tests.Accounts.Access;

/// <summary>The API with an installation's key, and people who sign in.</summary>
internal sealed class AccountHost : IAsyncDisposable
{
    public const string Key = "a-key-of-sufficient-length";
    public const string Password = "correct horse battery staple";

    // bcrypt at its production cost would be most of what these tests do; one of them runs at it.
    private const int LowCost = 4;

    private AccountHost(ApiHost api, HttpClient client) => (Api, Client) = (api, client);

    public ApiHost Api { get; }

    /// <summary>Keeps no cookies and shows no key.</summary>
    public HttpClient Client { get; }

    public static async Task<AccountHost> StartAsync(
        Dictionary<string, string?>? settings = null, int cost = LowCost, IPAddress? remote = null,
        Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        settings ??= [];
        settings["Api:Key"] = Key;
        settings["Api:AllowKeyless"] = "false";
        ApiHost api = await ApiHost.StartAsync(settings, remote, more =>
        {
            more.AddSingleton(new Passwords(cost));
            services?.Invoke(more);
        }, map);
        HttpClient client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = api.Address,
        };
        return new AccountHost(api, client);
    }

    /// <summary>As the installation's key.</summary>
    public Task<Answer> AsInstallationAsync(
        HttpMethod method, string path, object? body = null, TenantId? tenant = null) =>
        SendAsync(method, path, body, Key, tenant);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, object? body = null, string? bearer = null, TenantId? tenant = null,
        string? cookie = null)
    {
        using HttpRequestMessage request = new(method, "/api/v1" + path);
        if (body is not null)
        {
            JsonContent content = JsonContent.Create(body);
            await content.LoadIntoBufferAsync();
            request.Content = content;
        }

        if (bearer is not null) request.Headers.Add("Authorization", "Bearer " + bearer);
        if (tenant is { } id) request.Headers.Add("X-Tenant-Id", id.ToString());
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage response = await Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        string? given = response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies)
            ? cookies.Single()
            : null;
        return new Answer(
            response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text), given,
            response.Headers.RetryAfter?.Delta);
    }

    /// <summary>Adds somebody to a tenant; the id of the user.</summary>
    public async Task<Guid> AddUserAsync(
        TenantId tenant, string username, string role = "admin", Guid? profile = null)
    {
        Answer answer = await AsInstallationAsync(HttpMethod.Post, "/users", new
        {
            email = username + "@example.com",
            username,
            name = "Somebody " + username,
            password = Password,
            role,
            profileId = profile,
        }, tenant);
        Xunit.Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Body.GetProperty("user").GetProperty("id").GetGuid();
    }

    public async Task<SignedIn> SignInAsync(string username, TenantId? tenant = null, string? code = null)
    {
        Answer answer = await SendAsync(
            HttpMethod.Post, "/auth/sign-in",
            new { login = username, password = Password, code, tenantId = tenant?.Value });
        Xunit.Assert.Equal(HttpStatusCode.OK, answer.Status);
        return new SignedIn(answer.Body.GetProperty("accessToken").GetString()!, answer.CookiePair!);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Api.DisposeAsync();
    }
}

/// <summary>An answer, read.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string? Cookie, TimeSpan? RetryAfter)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out JsonElement code)
        ? code.GetString()
        : null;

    /// <summary>As a browser sends it back.</summary>
    public string? CookiePair => Cookie?.Split(';')[0];
}

/// <summary>What a sign-in gave.</summary>
internal sealed record SignedIn(string Token, string Cookie);
