using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Vellarys.Channels.Sandbox;
using Vellarys.Http;
using Vellarys.Intake;
using Vellarys.Tests.Api;
using Vellarys.Tests.Secrets;
using Xunit;

namespace Vellarys.Tests.Channels.Setup;

/// <summary>A company connects its numbers over HTTP alone, with a provider that answers on this machine.</summary>
public sealed class ChannelSetupTests : IAsyncLifetime
{
    private const string Token = "EAAG-token-of-the-first-number";
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private ApiHost _host = null!;
    private ProviderServer _meta = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _meta = await ProviderServer.StartAsync();
        _meta.AnswerWith(200, """{"id":"106540352242922"}""");
        _host = await ApiHost.StartAsync(
            Rings.Settings("k1"),
            services: s => s
                .AddSingleton(new MetaCloudOptions { BaseUrl = _meta.Url })
                .AddSingleton<IProvider, MetaCloudProvider>().AddSingleton<IProvider, SandboxProvider>().AddWebhooks(),
            map: app => app.MapWebhooks());
        _host.Services.GetRequiredService<ApiOptions>().PublicUrl = _host.Address.ToString();
        _tenant = await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _meta.DisposeAsync();
    }

    [Fact]
    public async Task Create_MetaNumber_IsSealedListedWithoutSecretsAndTested()
    {
        JsonElement channel = await CreateAsync();
        string id = channel.GetProperty("id").GetString()!;
        Assert.Equal(
            ("meta-cloud", "106540352242922", "Vendas", "active"),
            (Text(channel, "kind"), Text(channel, "address"), Text(channel, "displayName"), Text(channel, "status")));
        (_, JsonElement list) = await _host.GetAsync("/api/v1/channels");
        (_, JsonElement secrets) = await _host.GetAsync($"/api/v1/channels/{id}/secrets");
        foreach (string text in new[] { channel.GetRawText(), list.GetRawText(), secrets.GetRawText() })
        {
            Assert.DoesNotContain(Token[^4..], text, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret[^4..], text, StringComparison.Ordinal);
            Assert.DoesNotContain("enc:", text, StringComparison.Ordinal);
        }

        Assert.Single(secrets.GetProperty("items").EnumerateArray());
        string stored = await _host.Rows.ScalarAsync<string>("select c::text from channels c");
        Assert.DoesNotContain(Token, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("verify-token", stored, StringComparison.Ordinal);

        (HttpStatusCode status, JsonElement report) = await _host.PostAsync($"/api/v1/channels/{id}/test");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            (true, "ok", "ok"),
            (report.GetProperty("ok").GetBoolean(), Text(report.GetProperty("sending"), "result"),
                Text(report.GetProperty("webhook"), "result")));
        Assert.Equal($"Bearer {Token}", Assert.Single(_meta.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Test_WithATokenThatMetaRefuses_SaysItsCode()
    {
        string id = Text(await CreateAsync(), "id")!;
        _meta.AnswerWith(401, """{"error":{"code":190,"message":"expired"}}""");
        (_, JsonElement report) = await _host.PostAsync($"/api/v1/channels/{id}/test");
        Assert.False(report.GetProperty("ok").GetBoolean());
        Assert.Equal(
            ("failed", "190"),
            (Text(report.GetProperty("sending"), "result"), Text(report.GetProperty("sending"), "code")));

        // Mended by another token, at once.
        (HttpStatusCode status, _) = await _host.SendAsync(
            HttpMethod.Put, $"/api/v1/channels/{id}", _tenant,
            JsonContent.Create(new { accessToken = "EAAG-token-of-the-second-kind" }));
        Assert.Equal(HttpStatusCode.OK, status);
        _meta.AnswerWith(200, """{"id":"106540352242922"}""");
        (_, report) = await _host.PostAsync($"/api/v1/channels/{id}/test");
        Assert.True(report.GetProperty("ok").GetBoolean());
        Assert.Equal("Bearer EAAG-token-of-the-second-kind", _meta.Requests.Last().Headers["Authorization"]);
    }

    [Fact]
    public async Task Create_WhatMakesNoSense_NamesEachFieldAndKeepsNothing()
    {
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync(
            "/api/v1/channels",
            new { kind = "meta-cloud", address = "+55 11 99999", accessToken = "enc:v1:x", webhookSecret = "ü" });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            ["address", "accessToken", "webhookSecret"],
            body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()));
        Assert.DoesNotContain("enc:v1:x", body.GetRawText(), StringComparison.Ordinal);
        (_, JsonElement list) = await _host.GetAsync("/api/v1/channels");
        Assert.Empty(list.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Create_ANumberThatIsTaken_IsRefusedWhoeverHasIt()
    {
        await CreateAsync();
        TenantId other = await _host.Rows.TenantAsync("Outra");
        foreach (TenantId tenant in new[] { _tenant, other })
        {
            (HttpStatusCode status, JsonElement body) = await _host.PostAsync("/api/v1/channels", Meta(), tenant);
            Assert.Equal((HttpStatusCode.Conflict, "number_taken"), (status, Text(body, "code")));
        }
    }

    [Fact]
    public async Task Create_BeyondThePlan_IsRefused()
    {
        await _host.Rows.RunAsync(
            """
            with plan as (insert into plans (id, name, channels) values (gen_random_uuid(), 'Um', 1) returning id)
            update tenants set plan_id = plan.id from plan
            """);
        await CreateAsync();
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync(
            "/api/v1/channels", new { kind = "sandbox", address = "loja", webhookSecret = Secret });
        Assert.Equal((HttpStatusCode.Conflict, "plan_limit_reached"), (status, Text(body, "code")));
    }

    [Fact]
    public async Task LastChannelOfAPlan_AskedForByManyAtOnce_IsGivenOnce()
    {
        await _host.Rows.RunAsync(
            """
            with plan as (insert into plans (id, name, channels) values (gen_random_uuid(), 'Um', 1) returning id)
            update tenants set plan_id = plan.id from plan
            """);
        (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            n => _host.PostAsync(
                "/api/v1/channels", new { kind = "sandbox", address = $"loja-{n}", webhookSecret = Secret })));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(
            answers.Where(a => a.Status != HttpStatusCode.Created),
            a => Assert.Equal((HttpStatusCode.Conflict, "plan_limit_reached"), (a.Status, Text(a.Body, "code"))));
        Assert.Equal(1L, await _host.Rows.ScalarAsync<long>("select count(*) from channels"));
    }

    [Fact]
    public async Task Secrets_TwoAreGoodUntilOneEnds_AndTheLastOneStays()
    {
        string id = Text(await CreateAsync(), "id")!;
        string path = $"/api/v1/channels/{id}/secrets";
        (HttpStatusCode status, JsonElement two) = await _host.PostAsync(path, new { secret = "another-secret-of-it" });
        Assert.Equal(HttpStatusCode.Created, status);
        JsonElement[] items = [.. two.GetProperty("items").EnumerateArray()];
        Assert.Equal(
            [false, true], items.Select(i => i.GetProperty("endsAt").ValueKind == JsonValueKind.Null));
        Assert.Equal([Secret, "another-secret-of-it"], await LiveAsync(id));

        (status, JsonElement body) = await _host.PostAsync(path, new { secret = "a-third-secret-of-it" });
        Assert.Equal((HttpStatusCode.Conflict, "two_secrets_live"), (status, Text(body, "code")));
        (status, body) = await EndAsync(path, items[1]);
        Assert.Equal((HttpStatusCode.Conflict, "last_secret"), (status, Text(body, "code")));
        (status, _) = await EndAsync(path, items[0]);
        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal(["another-secret-of-it"], await LiveAsync(id));
        (status, body) = await EndAsync(path, items[0]);
        Assert.Equal((HttpStatusCode.NotFound, "secret_not_found"), (status, Text(body, "code")));
    }

    [Fact]
    public async Task Secrets_OnceTheOverlapIsOver_TheOldOneIsGood_NoMore()
    {
        string id = Text(await CreateAsync(), "id")!;
        (HttpStatusCode status, _) = await _host.PostAsync(
            $"/api/v1/channels/{id}/secrets", new { secret = "another-secret-of-it", overlapHours = 2 });
        Assert.Equal(HttpStatusCode.Created, status);
        await _host.Rows.RunAsync(
            "update channels set webhook_secret_ends = array[now() - interval '1 second', null]::timestamptz[]");
        _host.Services.GetRequiredService<IChannelDirectory>().Invalidate();
        Assert.Equal(["another-secret-of-it"], await LiveAsync(id));
    }

    [Fact]
    public async Task AnyChange_OfAnotherTenantsChannel_FindsNothing()
    {
        string id = Text(await CreateAsync(), "id")!;
        TenantId other = await _host.Rows.TenantAsync("Outra");
        string before = await _host.Rows.ScalarAsync<string>("select c::text from channels c");
        (HttpMethod Method, string Path, object? Body)[] calls =
        [
            (HttpMethod.Put, "", new { displayName = "x" }), (HttpMethod.Post, "/test", null),
            (HttpMethod.Get, "/secrets", null), (HttpMethod.Post, "/secrets", new { secret = "another-secret-of-it" }),
            (HttpMethod.Delete, $"/secrets/{id}", null),
        ];
        foreach ((HttpMethod method, string path, object? body) in calls)
        {
            (HttpStatusCode status, JsonElement answer) = await _host.SendAsync(
                method, $"/api/v1/channels/{id}{path}", other, body is null ? null : JsonContent.Create(body));
            Assert.Equal((HttpStatusCode.NotFound, "channel_not_found"), (status, Text(answer, "code")));
        }

        Assert.Equal(before, await _host.Rows.ScalarAsync<string>("select c::text from channels c"));
    }

    [Fact]
    public async Task Create_WithoutAMasterKey_IsRefusedWithWhatToDo()
    {
        await using ApiHost host = await ApiHost.StartAsync(services: s => s
            .AddSingleton(new MetaCloudOptions()).AddSingleton<IProvider, MetaCloudProvider>());
        await host.Rows.TenantAsync();
        (HttpStatusCode status, JsonElement body) = await host.PostAsync("/api/v1/channels", Meta());
        Assert.Equal((HttpStatusCode.Conflict, "no_master_key"), (status, Text(body, "code")));
        Assert.Contains("Encryption:KeyFile", Text(body, "detail"), StringComparison.Ordinal);
    }

    /// <summary>What is written to a number must not go to whoever names it first.</summary>
    [Fact]
    public async Task Create_ByATenant_OnlyOfANumberThatTheProviderConfirms()
    {
        (_, JsonElement key) = await _host.SendAsync(
            HttpMethod.Post, "/api/v1/api-keys", _tenant,
            JsonContent.Create(new { name = "set-up", scopes = new[] { "channels.manage" } }));
        _host.Client.DefaultRequestHeaders.Authorization = new("Bearer", Text(key, "key"));

        _meta.AnswerWith(401, """{"error":{"code":190,"message":"no"}}""");
        (HttpStatusCode refused, JsonElement body) = await _host.PostAsync("/api/v1/channels", Meta(), _tenant);
        _meta.AnswerWith(200, """{"id":"106540352242922"}""");
        (HttpStatusCode made, _) = await _host.PostAsync("/api/v1/channels", Meta(), _tenant);

        Assert.Equal((HttpStatusCode.Conflict, "number_not_confirmed"), (refused, Text(body, "code")));
        Assert.Equal(HttpStatusCode.Created, made);
        Assert.Equal(2, _meta.Requests.Count);
    }

    private static object Meta() => new
    {
        kind = "meta-cloud", address = "106540352242922", displayName = "Vendas", accessToken = Token,
        webhookSecret = Secret, verifyToken = "verify-token-of-it",
    };

    private async Task<JsonElement> CreateAsync()
    {
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync("/api/v1/channels", Meta(), _tenant);
        Assert.True(status == HttpStatusCode.Created, body.GetRawText());
        return body;
    }

    private async Task<IReadOnlyList<string>> LiveAsync(string id) =>
        (await _host.Services.GetRequiredService<IChannelDirectory>()
            .FindAsync(new ChannelId(Guid.Parse(id)), default))!.WebhookSecrets;

    private Task<(HttpStatusCode, JsonElement)> EndAsync(string path, JsonElement secret) =>
        _host.SendAsync(HttpMethod.Delete, $"{path}/{secret.GetProperty("id").GetString()}", _tenant);

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();
}
