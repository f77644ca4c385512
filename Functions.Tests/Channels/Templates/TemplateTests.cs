using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vellarys.Channels.Templates;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Channels.Templates;

/// <summary>Templates over HTTP, and against a provider that lists them.</summary>
public sealed class TemplateTests : IAsyncLifetime
{
    private WebApplication _meta = null!;
    private ApiHost _host = null!;
    private TenantId _tenant;
    private ChannelId _channel;
    private string _status = "APPROVED";

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _meta = builder.Build();
        _meta.MapGet("/123456789/message_templates", (HttpContext context) =>
        {
            bool second = context.Request.Query["after"] == "two";
            object item = new
            {
                id = second ? "902" : "901", name = second ? "promo_b" : "promo", language = "pt_BR",
                status = second ? "REJECTED" : _status, category = "MARKETING",
                rejected_reason = second ? "ABUSIVE_CONTENT" : "NONE", quality_score = new { score = "GREEN" },
                components = new object[] { new { type = "BODY", text = "Oi {{1}}, {{2}}!" } },
            };
            return second
                ? Results.Json(new { data = new[] { item } })
                : Results.Json(new
                {
                    data = new[] { item }, paging = new { next = "x", cursors = new { after = "two" } },
                });
        });
        _meta.MapPost("/123456789/message_templates", () => Results.Json(new { id = "903", status = "PENDING" }));
        await _meta.StartAsync();
        string address = _meta.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        _host = await ApiHost.StartAsync(new() { ["MetaCloud:BaseUrl"] = address });
        _tenant = await _host.Rows.TenantAsync();
        _channel = await _host.Rows.ChannelAsync(_tenant);
        await _host.Rows.RunAsync("update channels set access_token = 'token-of-the-test'");
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _meta.DisposeAsync();
    }

    [Fact]
    public async Task Sync_OfAnAccount_HasEveryPage()
    {
        await SyncAsync();
        (_, JsonElement page) = await _host.GetAsync("/api/v1/templates", _tenant);
        Dictionary<string, JsonElement> all = page.GetProperty("items").EnumerateArray()
            .ToDictionary(t => t.GetProperty("name").GetString()!);
        Assert.Equal(
            ("approved", "marketing", "GREEN", 2),
            (all["promo"].GetProperty("status").GetString(), all["promo"].GetProperty("category").GetString(),
                all["promo"].GetProperty("quality").GetString(), all["promo"].GetProperty("places").GetInt32()));
        Assert.Equal(
            ("rejected", "ABUSIVE_CONTENT"),
            (all["promo_b"].GetProperty("status").GetString(), all["promo_b"].GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("promo", 2, null)]
    [InlineData("promo", 1, "template_parameters")]
    [InlineData("promo_b", 2, "template_rejected")]
    [InlineData("no_such", 0, "template_unknown")]
    public async Task Campaign_WithATemplate_IsRefusedForWhatItIs(string template, int parameters, string? code)
    {
        await SyncAsync();
        (HttpStatusCode status, JsonElement body) = await CampaignAsync(template, parameters);
        if (code is null)
        {
            Assert.Equal(HttpStatusCode.Created, status);
            Assert.Equal("marketing", body.GetProperty("variants")[0].GetProperty("category").GetString());
            Assert.Equal("Oi {{1}}, {{2}}!", body.GetProperty("variants")[0].GetProperty("text").GetString());
            return;
        }

        Assert.Equal((HttpStatusCode.Conflict, code), (status, body.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("message_template_status_update",
        """{"event":"PAUSED","message_template_id":901,"reason":"LOW_QUALITY"}""", "paused", "GREEN", "marketing")]
    [InlineData("message_template_quality_update",
        """{"new_quality_score":"RED","message_template_id":901}""", "approved", "RED", "marketing")]
    [InlineData("template_category_update",
        """{"new_category":"UTILITY","message_template_id":901}""", "approved", "GREEN", "utility")]
    [InlineData("message_template_status_update", "[1]", "approved", "GREEN", "marketing")]
    public async Task Event_OfTheProvider_ChangesTheTemplate(
        string type, string value, string status, string quality, string category)
    {
        await SyncAsync();
        string raw = $$"""{"field":"{{type}}","value":{{value}}}""";
        await _host.Rows.RunAsync(
            """
            insert into unrouted_events (id, provider, event_id, kind, type, reason, body, received_at)
            values ($1, 'meta-cloud', 'e1', 'Unknown', $2, 'no_number', json_build_object('raw', $3::text)::text,
                clock_timestamp())
            """,
            Ids.New(TimeProvider.System), type, raw);
        await _host.Services.GetRequiredService<SyncTemplates>().RunAsync(CancellationToken.None);
        (_, JsonElement page) = await _host.GetAsync("/api/v1/templates", _tenant);
        JsonElement promo = page.GetProperty("items").EnumerateArray()
            .Single(t => t.GetProperty("name").GetString() == "promo");
        Assert.Equal(
            (status, quality, category),
            (promo.GetProperty("status").GetString(), promo.GetProperty("quality").GetString(),
                promo.GetProperty("category").GetString()));
    }

    [Fact]
    public async Task Create_OfASyncedNumber_IsHandedInAndWaits()
    {
        await SyncAsync();
        (HttpStatusCode status, JsonElement made) = await _host.PostAsync(
            "/api/v1/templates",
            new { name = "natal", language = "pt_BR", category = "utility", body = "Olá {{1}}" }, _tenant);
        Assert.Equal((HttpStatusCode.Created, "pending"), (status, made.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Create_OfAnotherNumber_IsWhatStaffSays()
    {
        (HttpStatusCode status, JsonElement made) = await _host.PostAsync(
            "/api/v1/templates",
            new { name = "natal", language = "pt_BR", category = "utility", body = "Olá {{1}}", status = "approved" },
            _tenant);
        Assert.Equal((HttpStatusCode.Created, "approved"), (status, made.GetProperty("status").GetString()));
        (status, _) = await _host.PostAsync(
            "/api/v1/templates",
            new { name = "natal", language = "pt_BR", category = "utility", body = "Oi" }, _tenant);
        Assert.Equal(HttpStatusCode.Conflict, status);
        (status, JsonElement problem) = await _host.PostAsync(
            "/api/v1/templates", new { name = "Natal!", language = "x", category = "y", body = "{{2}}" }, _tenant);
        Assert.Equal((HttpStatusCode.BadRequest, 4), (status, problem.GetProperty("errors").GetArrayLength()));
    }

    private async Task SyncAsync() => Assert.Equal(
        HttpStatusCode.NoContent,
        (await _host.PostAsync(
            "/api/v1/templates/sync", new { channelId = _channel.Value, wabaId = "123456789" }, _tenant)).Status);

    private async Task<(HttpStatusCode Status, JsonElement Body)> CampaignAsync(string template, int parameters)
    {
        Guid contact = Ids.New(TimeProvider.System);
        await _host.Rows.RunAsync(
            "insert into contacts (tenant_id, id, name, phone) values ($1, $2, 'Ana', '5511977770000')",
            _tenant.Value, contact);
        return await _host.PostAsync(
            "/api/v1/campaigns",
            new
            {
                name = "x", contactIds = (Guid[])[contact],
                message = new
                {
                    template, language = "pt_BR",
                    parameters = Enumerable.Range(0, parameters).Select(_ => new { field = "name" }),
                },
            },
            _tenant);
    }
}
