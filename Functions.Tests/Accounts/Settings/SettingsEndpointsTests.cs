using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Accounts;
using Vellarys.Accounts.Settings;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Accounts.Settings;

/// <summary>A tenant's settings and prompts over HTTP.</summary>
public sealed class SettingsEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tenant = await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Settings_ReadAndWrittenBack_AreWhatConversationsRunOn()
    {
        (JsonObject settings, string tag) = await ReadAsync();
        Assert.Equal(3_000, settings["quietMs"]!.GetValue<int>());
        settings["quietMs"] = 1_500;
        settings["prompt"] = "Loja de móveis";
        settings["hours"] = JsonNode.Parse("""{"days":{"mon":["08:00-12:00"]}}""");
        (HttpStatusCode status, string answer) = await PutAsync(settings, tag);
        Assert.True(status == HttpStatusCode.OK, answer);

        Tenant tenant = await TenantAsync();
        Assert.Equal((1_500, "Loja de móveis"), (tenant.Settings.QuietMs, tenant.Settings.Prompt));
        Assert.Equal(["08:00-12:00"], tenant.Settings.Hours!.Days!["mon"]);
        (JsonObject again, string next) = await ReadAsync();
        Assert.NotEqual(tag, next);
        Assert.Equal(1_500, again["quietMs"]!.GetValue<int>());
    }

    [Fact]
    public async Task Put_WithoutOrWithAnOldTag_ChangesNothing()
    {
        (JsonObject settings, string tag) = await ReadAsync();
        Assert.Equal((HttpStatusCode)428, (await PutAsync(settings, null)).Status);
        settings["quietMs"] = 100;
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(settings, tag)).Status);
        settings["quietMs"] = 200;
        (HttpStatusCode status, string answer) = await PutAsync(settings, tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Contains("changed_meanwhile", answer, StringComparison.Ordinal);
        Assert.Equal(100, (await TenantAsync()).Settings.QuietMs);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(settings, "*")).Status);
    }

    [Theory]
    [InlineData("""{"quietMs":-1,"botAttempts":0,"survey":{"kind":"sms"}}""", "quietMs botAttempts survey.kind")]
    [InlineData("""{"quietMs":20000}""", "burstCapMs")]
    [InlineData("""{"quietMillis":1}""", "quietMillis")]
    [InlineData("""{"handoff":{"offerSecond":1}}""", "handoff.offerSecond")]
    [InlineData("""{"handoff":{"routes":[{"reason":"loop"},{"reason":"x"}]}}""", "handoff.routes[1].reason")]
    [InlineData("""{"hours":{"days":{"mon":["8-12"]}}}""", "hours.days.mon[0]")]
    [InlineData("""{"hours":{"days":{},"holiday":[]}}""", "hours.holiday")]
    [InlineData("""{"prompt":null}""", "prompt")]
    [InlineData("""{"quietMs":"3000"}""", "quietMs")]
    [InlineData("""{"quietMs":1,"quietMs":2}""", "quietMs")]
    [InlineData("""{"reengagement":{"quietFrom":"8pm"}}""", "reengagement.quietFrom")]
    public async Task Put_WhatMakesNoSense_NamesEachField(string body, string fields)
    {
        (HttpStatusCode status, string answer) = await PutAsync(null, "*", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            fields,
            string.Join(' ', JsonElement.Parse(answer).GetProperty("errors").EnumerateArray()
                .Select(e => e.GetProperty("field").GetString())));
        Assert.Equal(3_000, (await TenantAsync()).Settings.QuietMs);
    }

    [Fact]
    public void Defaults_EachOne_MakesSense() => Assert.Empty(SettingFaults.Of(new TenantSettings()));

    [Fact]
    public async Task Schema_EachSetting_HasTypeDescriptionAndDefault()
    {
        (HttpStatusCode status, JsonElement schema) = await _host.GetAsync("/api/v1/settings/schema");
        Assert.Equal(HttpStatusCode.OK, status);
        HashSet<string> seen = [];
        Walk(schema, "", seen);
        Assert.Equal(SettingsCatalogue.All.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        JsonElement quiet = schema.GetProperty("properties").GetProperty("quietMs");
        Assert.Equal(
            ("integer", 3_000, "ms", 0),
            (quiet.GetProperty("type").GetString(), quiet.GetProperty("default").GetInt32(),
                quiet.GetProperty("x-unit").GetString(), quiet.GetProperty("minimum").GetInt32()));
    }

    [Fact]
    public async Task Prompts_EachChange_IsAVersionThatCanBePutBack()
    {
        await SayAsync("Primeiro");
        await SayAsync("Segundo");
        (HttpStatusCode status, JsonElement third) = await _host.PostAsync(
            "/api/v1/prompts", new { body = "Terceiro", note = "mais curto" });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.False(third.GetProperty("active").GetBoolean());
        Assert.Equal("Segundo", (await TenantAsync()).Settings.Prompt);

        string path = $"/api/v1/prompts/{third.GetProperty("version").GetInt32()}/activate";
        (status, _) = await _host.PostAsync(path);
        Assert.Equal((HttpStatusCode.OK, "Terceiro"), (status, (await TenantAsync()).Settings.Prompt));

        (_, JsonElement all) = await _host.GetAsync("/api/v1/prompts");
        Assert.Equal(
            ["Terceiro", "Segundo", "Primeiro", ""],
            all.GetProperty("items").EnumerateArray().Select(v => v.GetProperty("body").GetString()));
        Assert.Single(all.GetProperty("items").EnumerateArray(), v => v.GetProperty("active").GetBoolean());
        (status, _) = await _host.PostAsync("/api/v1/prompts/2/activate");
        Assert.Equal((HttpStatusCode.OK, "Primeiro"), (status, (await TenantAsync()).Settings.Prompt));
        (_, JsonElement page) = await _host.GetAsync("/api/v1/prompts?limit=2&before=4");
        Assert.Equal(2, page.GetProperty("next").GetInt32());

        TenantId other = await _host.Rows.TenantAsync("Outra");
        (status, JsonElement body) = await _host.PostAsync("/api/v1/prompts/2/activate", tenant: other);
        Assert.Equal(
            (HttpStatusCode.NotFound, "prompt_not_found"), (status, body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Prompts_ManyAtOnce_GetANumberEach()
    {
        (HttpStatusCode Status, JsonElement Body)[] all = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            i => _host.PostAsync("/api/v1/prompts", new { body = $"Versão {i}" })));
        Assert.All(all, one => Assert.Equal(HttpStatusCode.Created, one.Status));
        Assert.Equal(
            Enumerable.Range(2, 6), all.Select(one => one.Body.GetProperty("version").GetInt32()).Order());
    }

    private static void Walk(JsonElement schema, string path, HashSet<string> seen)
    {
        if (schema.TryGetProperty("items", out JsonElement items)) Walk(items, path + "[]", seen);
        if (!schema.TryGetProperty("properties", out JsonElement properties)) return;
        foreach (JsonProperty property in properties.EnumerateObject())
        {
            string here = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            seen.Add(here);
            Assert.True(property.Value.TryGetProperty("default", out _), $"{here} has no default");
            Assert.True(property.Value.TryGetProperty("type", out _), $"{here} has no type");
            Assert.False(
                string.IsNullOrEmpty(property.Value.GetProperty("description").GetString()), $"{here} says nothing");
            Walk(property.Value, here, seen);
        }
    }

    private async Task SayAsync(string prompt)
    {
        (JsonObject settings, string tag) = await ReadAsync();
        settings["prompt"] = prompt;
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(settings, tag)).Status);
    }

    private async Task<(JsonObject Settings, string Tag)> ReadAsync()
    {
        using HttpResponseMessage response = await _host.Client.GetAsync("/api/v1/settings");
        return ((await response.Content.ReadFromJsonAsync<JsonObject>())!, response.Headers.ETag!.Tag);
    }

    private async Task<(HttpStatusCode Status, string Answer)> PutAsync(
        JsonNode? settings, string? tag, string? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/settings");
        request.Content = new StringContent(
            body ?? settings!.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<Tenant> TenantAsync() => (await new TenantDirectory(
        _host.Database.App, TimeProvider.System, NullLogger<TenantDirectory>.Instance).FindAsync(_tenant, default))!;
}
