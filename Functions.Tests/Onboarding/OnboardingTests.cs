using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Vellarys.Channels.Sandbox;
using Vellarys.Http;
using Vellarys.Intake;
using Vellarys.Tests.Api;
using Vellarys.Tests.Channels;
using Vellarys.Tests.Secrets;
using Vellarys.Tests.Webhooks;
using Xunit;

namespace Vellarys.Tests.Onboarding;

/// <summary>A company goes live by one call, which can be repeated until every step is done.</summary>
public sealed class OnboardingTests : IAsyncLifetime
{
    private const string Rows =
        """
        select format('%s tenants, %s channels, %s endpoints, %s prompts, %s users',
            (select count(*) from tenants), (select count(*) from channels),
            (select count(*) from webhook_endpoints), (select count(*) from prompt_versions where active),
            (select count(*) from memberships))
        """;

    private ApiHost _host = null!;
    private ProviderServer _meta = null!;
    private Receiver _company = null!;

    public async Task InitializeAsync()
    {
        _meta = await ProviderServer.StartAsync();
        _meta.AnswerWith(200, """{"id":"106540352242922"}""");
        _company = await Receiver.StartAsync();
        Dictionary<string, string?> settings = Rings.Settings("k1");
        settings["Webhooks:AllowLocal"] = "true";
        _host = await ApiHost.StartAsync(
            settings,
            services: s => s
                .AddSingleton(new MetaCloudOptions { BaseUrl = _meta.Url })
                .AddSingleton<IProvider, MetaCloudProvider>().AddSingleton<IProvider, SandboxProvider>().AddWebhooks(),
            map: app => app.MapWebhooks());
        _host.Services.GetRequiredService<ApiOptions>().PublicUrl = _host.Address.ToString();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _company.DisposeAsync();
        await _meta.DisposeAsync();
    }

    [Fact]
    public async Task Onboarding_OfANewCompany_DoesTheEightStepsAndShowsTheSecretsOnce()
    {
        (_, JsonElement plan) = await _host.PostAsync("/api/v1/plans", new { name = "Loja", channels = 2 });
        object body = Whole("loja-42", plan.GetProperty("id").GetString());
        JsonElement report = await RunAsync(body);
        Assert.Equal(
            "tenant done, channel done, webhook-in done, webhook-out done, prompt done, users done, limits done, "
            + "first-week done",
            States(report));
        Assert.True(report.GetProperty("isLive").GetBoolean());
        Assert.StartsWith("whsec_", Text(report.GetProperty("once"), "webhookSecret"), StringComparison.Ordinal);
        Assert.Single(_company.Taken);

        (HttpStatusCode status, _) = await _host.PostAsync("/api/v1/auth/sign-in", new
        {
            login = "ana@loja.example", password = Text(report.GetProperty("once"), "adminPassword"),
        });
        Assert.Equal(HttpStatusCode.OK, status);

        JsonElement again = await RunAsync(body);
        Assert.Equal(
            (States(report), Text(report, "tenantId"), JsonValueKind.Null),
            (States(again), Text(again, "tenantId"), again.GetProperty("once").ValueKind));
        Assert.Equal("1 tenants, 1 channels, 1 endpoints, 1 prompts, 1 users", await RowsAsync());
    }

    [Fact]
    public async Task Onboarding_AfterAStepFailed_GoesOnWithTheSameCompany()
    {
        _meta.AnswerWith(401, """{"error":{"code":190,"message":"expired"}}""");
        _company.Answer = _ => Task.FromResult(503);
        JsonElement first = await RunAsync(Whole("loja-42"));
        Assert.Equal("190", Step(first, "channel", "failed"));
        Assert.Equal("status_503", Step(first, "webhook-out", "failed"));
        Assert.False(first.GetProperty("isLive").GetBoolean());

        _meta.AnswerWith(200, """{"id":"106540352242922"}""");
        _company.Answer = _ => Task.FromResult(204);
        JsonElement second = await RunAsync(Whole("loja-42"));
        Assert.True(second.GetProperty("isLive").GetBoolean(), second.GetRawText());
        Assert.Equal("1 tenants, 1 channels, 1 endpoints, 1 prompts, 1 users", await RowsAsync());
        // With nothing but the id each step looks at what is there.
        JsonElement third = await RunAsync(new { tenantId = Text(first, "tenantId") });
        Assert.Equal(States(second), States(third));
    }

    [Fact]
    public async Task Onboarding_OfLittle_SkipsAndWaitsWithWhatToDo()
    {
        _host.Services.GetRequiredService<ApiOptions>().PublicUrl = "";
        JsonElement bare = await RunAsync(new { tenant = new { name = "Loja" } });
        Assert.Equal(
            "tenant done, channel skipped, webhook-in waiting, webhook-out skipped, prompt skipped, users skipped, "
            + "limits skipped, first-week done",
            States(bare));
        JsonElement inside = await RunAsync(new { tenantId = Text(bare, "tenantId"), channel = Meta() });
        Assert.Equal("no_public_url", Step(inside, "webhook-in", "waiting"));
        Assert.Contains("PUBLIC_URL", inside.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Onboarding_WithFaultsInEveryPart_NamesThemAllAndMakesNothing()
    {
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync("/api/v1/onboarding", new
        {
            tenant = new { name = "", timeZone = "Brasil", planId = Guid.Empty },
            channel = new { kind = "meta-cloud", address = "x", accessToken = "short" },
            webhookOut = new { url = "ftp://x", events = Array.Empty<string>() },
            prompt = "",
            admin = new { email = "ana", username = "a b", name = "Ana" },
        });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "tenant.name tenant.timeZone channel.address channel.accessToken webhookOut.url webhookOut.events "
            + "admin.email admin.username prompt tenant.planId",
            string.Join(' ', body.GetProperty("errors").EnumerateArray().Select(e => Text(e, "field"))));
        Assert.StartsWith("0 tenants", await RowsAsync(), StringComparison.Ordinal);
        (status, body) = await _host.PostAsync("/api/v1/onboarding", new { tenantId = Ids.New(TimeProvider.System) });
        Assert.Equal((HttpStatusCode.NotFound, "tenant_not_found"), (status, Text(body, "code")));
    }

    [Fact]
    public async Task FirstWeek_IsReadWithWhatWentWrong()
    {
        string tenant = Text(await RunAsync(Whole("loja-42")), "tenantId");
        string path = $"/api/v1/onboarding/{tenant}";
        (_, JsonElement week) = await _host.GetAsync(path);
        Assert.Equal(("yellow", 0), (Text(week, "state"), week.GetProperty("messagesIn").GetInt32()));
        Assert.Equal(
            TimeSpan.FromDays(7), week.GetProperty("until").GetDateTime() - week.GetProperty("from").GetDateTime());

        await _host.Rows.RunAsync(
            "update channels set status = 'stopped', stopped_by = 'provider', stop_code = '190', stopped_at = now()");
        (_, week) = await _host.GetAsync(path);
        Assert.Equal(("red", 1), (Text(week, "state"), week.GetProperty("channelsStopped").GetInt32()));
        (HttpStatusCode status, _) = await _host.GetAsync($"/api/v1/onboarding/{Ids.New(TimeProvider.System)}");
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    private object Whole(string reference, string? plan = null) => new
    {
        externalRef = reference,
        tenant = new { name = "Loja", planId = plan },
        channel = Meta(),
        webhookOut = new { url = _company.Url, events = new[] { "message.received" } },
        prompt = "You answer for a shop.",
        admin = new { email = "ana@loja.example", username = "ana", name = "Ana" },
    };

    private static object Meta() => new
    {
        kind = "meta-cloud", address = "106540352242922", accessToken = "EAAG-token-of-the-first-number",
        webhookSecret = "0123456789abcdef", verifyToken = "verify-token-of-it",
    };

    private async Task<JsonElement> RunAsync(object body)
    {
        (HttpStatusCode status, JsonElement report) = await _host.PostAsync("/api/v1/onboarding", body);
        Assert.True(status == HttpStatusCode.OK, report.GetRawText());
        return report;
    }

    private Task<string> RowsAsync() => _host.Rows.ScalarAsync<string>(Rows);

    private static string States(JsonElement report) => string.Join(
        ", ", report.GetProperty("steps").EnumerateArray().Select(s => $"{Text(s, "step")} {Text(s, "state")}"));

    private static string Step(JsonElement report, string step, string state)
    {
        JsonElement found = report.GetProperty("steps").EnumerateArray().Single(s => Text(s, "step") == step);
        Assert.True(Text(found, "state") == state, found.GetRawText());
        return Text(found, "code");
    }

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;
}
