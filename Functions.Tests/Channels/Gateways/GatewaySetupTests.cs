using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Channels;
using Vellarys.Channels.Evolution;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Channels.Uazapi;
using Vellarys.Channels.ZApi;
using Vellarys.Intake;
using Vellarys.Tests.Api;
using Vellarys.Tests.Secrets;
using Xunit;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>A company connects a number through a gateway over HTTP alone, and the gateway calls.</summary>
public sealed class GatewaySetupTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private ApiHost _host = null!;
    private ProviderServer _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await ProviderServer.StartAsync();
        _host = await ApiHost.StartAsync(
            Rings.Settings("k1"),
            services: s => s
                .AddSingleton(new GatewayOptions { PrivateServers = ["127.0.0.1"] }).AddSingleton<GatewayConnection>()
                .AddSingleton<IProvider, EvolutionProvider>().AddSingleton<IProvider, UazapiProvider>()
                .AddSingleton<IProvider, ZApiProvider>().AddWebhooks(),
            map: app => app.MapWebhooks());
        await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Evolution_IsSetUpProbedAndTakesWebhooks()
    {
        JsonElement channel = await CreateAsync(new
        {
            kind = "evolution", address = "loja", accessToken = "key-of-the-instance", webhookSecret = Secret,
            serverUrl = _gateway.Url,
        });
        Assert.Equal(_gateway.Url + "/", channel.GetProperty("serverUrl").GetString());
        string id = channel.GetProperty("id").GetString()!;
        _gateway.AnswerWith(200, """{"instance":{"state":"open"}}""");
        (_, JsonElement report) = await _host.PostAsync($"/api/v1/channels/{id}/test");
        Assert.Equal("ok", report.GetProperty("sending").GetProperty("result").GetString());
        Assert.Equal("/instance/connectionState/loja", Assert.Single(_gateway.Requests).Path);

        string body = Encoding.UTF8.GetString(GatewayPayloads.Body("evolution/02-text.json"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(id, "", body));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(id, "/another-secret", body));
        // By the address, whatever the gateway appends to it; and by a header.
        Assert.Equal(HttpStatusCode.OK, await CallAsync(id, "/" + Secret, body));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(id, $"/{Secret}/messages-upsert", body));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(id, "", body, Secret));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(id, "/messages-upsert", body, Secret));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(id, "/" + Secret, body, "another-secret"));
    }

    [Fact]
    public async Task InstancesOfTheSameName_OnTwoServers_AreTwoChannels()
    {
        object Named(string path, string kind = "evolution") => new
        {
            kind, address = "loja", accessToken = "key-of-the-instance", webhookSecret = Secret,
            serverUrl = _gateway.Url + path,
        };
        await CreateAsync(Named("/a"));
        await CreateAsync(Named("/b"));
        await CreateAsync(Named("/a", "uazapi"));
        (HttpStatusCode status, _) = await _host.PostAsync("/api/v1/channels", Named("/a/"));
        Assert.Equal(HttpStatusCode.Conflict, status);
    }

    [Fact]
    public async Task Server_IsChangedAtOnce()
    {
        JsonElement channel = await CreateAsync(new
        {
            kind = "uazapi", address = "loja", accessToken = "key-of-the-instance", serverUrl = "https://a.example.com",
        });
        string id = channel.GetProperty("id").GetString()!;
        (HttpStatusCode status, JsonElement changed) = await _host.SendAsync(
            HttpMethod.Put, $"/api/v1/channels/{id}", null, JsonContent.Create(new { serverUrl = _gateway.Url }));
        Assert.Equal((HttpStatusCode.OK, _gateway.Url + "/"), (status, changed.GetProperty("serverUrl").GetString()));
        _gateway.AnswerWith(200, """{"status":{"connected":true,"loggedIn":true}}""");
        (_, JsonElement report) = await _host.PostAsync($"/api/v1/channels/{id}/test");
        Assert.True(report.GetProperty("ok").GetBoolean());
    }

    [Theory]
    [InlineData("evolution", null, null, "serverUrl webhookSecret")]
    [InlineData("evolution", "http://evolution.example.com", Secret, "serverUrl")]
    [InlineData("evolution", "https://10.0.0.7", Secret, "serverUrl")]
    [InlineData("evolution", "https://169.254.169.254/latest", Secret, "serverUrl")]
    [InlineData("evolution", "https://user:pass@evolution.example.com", Secret, "serverUrl")]
    [InlineData("evolution", "https://evolution.example.com?x=1", Secret, "serverUrl")]
    [InlineData("evolution", "file:///etc/passwd", Secret, "serverUrl")]
    [InlineData("uazapi", null, null, "serverUrl")]
    [InlineData("z-api", null, null, "")]
    [InlineData("nothing", null, null, "kind")]
    public async Task WhatMakesNoSense_IsNamed(string kind, string? serverUrl, string? webhookSecret, string fields)
    {
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync(
            "/api/v1/channels",
            new { kind, address = "loja", accessToken = "key-of-the-instance", serverUrl, webhookSecret });
        Assert.Equal(
            fields,
            status == HttpStatusCode.Created ? "" : string.Join(' ', body.GetProperty("errors").EnumerateArray()
                .Select(e => e.GetProperty("field").GetString())));
    }

    private async Task<JsonElement> CreateAsync(object channel)
    {
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync("/api/v1/channels", channel);
        Assert.True(status == HttpStatusCode.Created, body.GetRawText());
        return body;
    }

    private async Task<HttpStatusCode> CallAsync(string channel, string more, string body, string? header = null)
    {
        using var http = new HttpClient { BaseAddress = _host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/webhooks/{channel}{more}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (header is not null) request.Headers.Add("X-Webhook-Token", header);
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
