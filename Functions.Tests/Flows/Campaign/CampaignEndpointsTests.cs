using System.Net;
using System.Text.Json;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Flows.Campaign;

/// <summary>Campaigns over HTTP, mostly by callers who take no care.</summary>
public sealed class CampaignEndpointsTests : IAsyncLifetime
{
    private static readonly object Message = new { text = "Oi {{1}}", parameters = new[] { new { field = "name" } } };

    private ApiHost _host = null!;
    private TenantId _tenant;
    private ChannelId _channel;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tenant = await _host.Rows.TenantAsync();
        _channel = await _host.Rows.ChannelAsync(_tenant);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Create_DraftAndStart_IsShownWithItsProgress()
    {
        Guid[] contacts = await ContactsAsync(3);
        (HttpStatusCode status, JsonElement made) = await PostAsync(
            "campaigns", new { name = "Natal", contactIds = contacts, message = Message });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("draft", 3), (made.GetProperty("status").GetString(), made.GetProperty("total").GetInt32()));
        string id = made.GetProperty("id").GetString()!;

        (status, JsonElement running) = await PostAsync($"campaigns/{id}/start");
        Assert.Equal((HttpStatusCode.OK, "running"), (status, running.GetProperty("status").GetString()));
        (_, JsonElement paused) = await PostAsync($"campaigns/{id}/pause");
        Assert.Equal("staff", paused.GetProperty("pauseReason").GetString());
        (_, JsonElement cancelled) = await PostAsync($"campaigns/{id}/cancel");
        Assert.Equal(3, cancelled.GetProperty("progress").GetProperty("cancelled").GetInt32());
        (status, _) = await PostAsync($"campaigns/{id}/resume");
        Assert.Equal(HttpStatusCode.Conflict, status);

        (_, JsonElement page) = await _host.GetAsync($"/api/v1/campaigns/{id}/recipients?limit=2", _tenant);
        string next = page.GetProperty("next").GetString()!;
        (_, JsonElement rest) = await _host.GetAsync($"/api/v1/campaigns/{id}/recipients?after={next}", _tenant);
        Assert.Equal(1, rest.GetProperty("items").GetArrayLength());
        (_, JsonElement list) = await _host.GetAsync("/api/v1/campaigns?status=cancelled", _tenant);
        Assert.Equal(1, list.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Create_UnknownAndForeignIds_AreNamedAlikeAndMakeNothing()
    {
        Guid[] own = await ContactsAsync(1);
        TenantId other = await _host.Rows.TenantAsync();
        Guid[] foreign = await ContactsAsync(1, other);
        (HttpStatusCode status, JsonElement body) = await PostAsync(
            "campaigns",
            new
            {
                name = "x", contactIds = (Guid[])[own[0], foreign[0], Unknown()], message = Message, start = true,
            });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            ["contactIds[1]", "contactIds[2]"],
            body.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()));
        Assert.Equal(0L, await _host.Rows.ScalarAsync<long>("select count(*) from campaigns"));
    }

    [Fact]
    public async Task Create_SameIdTwice_IsOneRecipient()
    {
        Guid[] one = await ContactsAsync(1);
        (_, JsonElement made) = await PostAsync(
            "campaigns", new { name = "x", contactIds = (Guid[])[one[0], one[0]], message = Message });
        Assert.Equal(1, made.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Create_CarelessBodies_AreRefusedByName()
    {
        Guid[] many = [.. Enumerable.Range(0, 1_001).Select(_ => Unknown())];
        await RefusedAsync(new { name = "x", contactIds = many, message = Message }, "contactIds");
        await RefusedAsync(new { name = "x", contactIds = Array.Empty<Guid>(), message = Message }, "contactIds");
        await RefusedAsync(new { name = "x", message = Message }, "contactIds");
        await RefusedAsync(new { name = " ", audience = new { }, message = Message }, "name");
        await RefusedAsync(new { name = "x", audience = new { } }, "message.template");
        await RefusedAsync(new { name = "x", audience = new { }, message = Message, intervalMs = -1 }, "intervalMs");
        await RefusedAsync(
            new { name = "x", audience = new { }, message = new { text = "{{1}}" } }, "message.parameters");
        await RefusedAsync(
            new
            {
                name = "x", audience = new { },
                message = new { template = "t", parameters = new[] { new { text = "a\nb" } } },
            },
            "message.parameters[0].text");
        await RefusedAsync(
            new { name = "x", audience = new { }, message = Message, channelId = Unknown() }, "channelId");
    }

    [Theory]
    [InlineData("""{"name":"city"}""")]
    [InlineData("""{"name":"city","value":"\ud800"}""")]
    [InlineData("""{"name":"city","value":1e999999}""")]
    [InlineData("""{"name":"city","value":{}}""")]
    public async Task Preview_OfAFieldThatCannotBeKept_NamesIt(string field)
    {
        string body = """{"name":"x","message":{"text":"Oi"},"audience":{"field":""" + field + "}}";
        (HttpStatusCode status, JsonElement answer) = await _host.SendAsync(
            HttpMethod.Post, "/api/v1/campaigns/preview", _tenant,
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("audience.field.value", answer.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Preview_OfAFilter_SaysWhoFallsOutAndWhy()
    {
        Guid[] contacts = await ContactsAsync(4);
        await _host.Rows.RunAsync(
            "update contacts set metadata = '{\"city\": \"Recife\"}' where id <> $1", contacts[3]);
        await _host.Rows.RunAsync("update contacts set opted_out_at = now() where id = $1", contacts[0]);
        (HttpStatusCode status, JsonElement preview) = await PostAsync(
            "campaigns/preview",
            new { name = "x", audience = new { field = new { name = "city", value = "Recife" } }, message = Message });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            (3, 2, 1),
            (preview.GetProperty("total").GetInt32(), preview.GetProperty("willReceive").GetInt32(),
                preview.GetProperty("skippedBecause").GetProperty("opted_out").GetInt32()));
        Assert.Equal(JsonValueKind.Null, preview.GetProperty("cost").GetProperty("amount").ValueKind);
    }

    [Fact]
    public async Task Campanhas_FiredThreeTimesAtOnce_AreOneCampaign()
    {
        Guid[] contacts = await ContactsAsync(3);
        object body = new { contatoIds = contacts, intervaloMs = 12, mensagem = "Oi" };
        (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => _host.PostAsync("/api/campanhas", body, _tenant)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(2, answers.Count(a => a.Status == HttpStatusCode.OK));
        string id = Assert.Single(answers.Select(a => a.Body.GetProperty("id").GetString()!).Distinct());
        (_, JsonElement read) = await _host.GetAsync($"/api/campanhas/{id}", _tenant);
        Assert.Equal(
            ("EM_ANDAMENTO", 3, 12),
            (read.GetProperty("status").GetString(), read.GetProperty("total").GetInt32(),
                read.GetProperty("intervaloMs").GetInt32()));
    }

    [Fact]
    public async Task Campanhas_CarelessBodies_AreRefusedInTheirOwnWords()
    {
        Guid[] many = [.. Enumerable.Range(0, 1_001).Select(_ => Unknown())];
        foreach (object body in (object[])[new { contatoIds = many, mensagem = "Oi" }, new { mensagem = "Oi" }])
        {
            (HttpStatusCode status, JsonElement problem) = await _host.PostAsync("/api/campanhas", body, _tenant);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal("contatoIds", problem.GetProperty("errors")[0].GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task Campaign_OfAnotherTenant_IsNotThere()
    {
        (_, JsonElement made) = await PostAsync(
            "campaigns", new { name = "x", contactIds = await ContactsAsync(1), message = Message });
        string id = made.GetProperty("id").GetString()!;
        TenantId other = await _host.Rows.TenantAsync();
        foreach (string act in (string[])["start", "cancel"])
        {
            Assert.Equal(
                HttpStatusCode.NotFound, (await _host.PostAsync($"/api/v1/campaigns/{id}/{act}", null, other)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"/api/v1/campaigns/{id}", other)).Status);
    }

    private static Guid Unknown() => Ids.New(TimeProvider.System);

    private async Task RefusedAsync(object body, string field)
    {
        (HttpStatusCode status, JsonElement problem) = await PostAsync("campaigns", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(
            field, problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()));
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object? body = null) =>
        _host.PostAsync("/api/v1/" + path, body, _tenant);

    private async Task<Guid[]> ContactsAsync(int count, TenantId? tenant = null)
    {
        Guid[] ids = [.. Enumerable.Range(0, count).Select(_ => Ids.New(TimeProvider.System))];
        foreach (Guid id in ids)
        {
            await _host.Rows.RunAsync(
                "insert into contacts (tenant_id, id, name, phone) values ($1, $2, 'Ana', '5511977770000')",
                (tenant ?? _tenant).Value, id);
        }

        return ids;
    }
}
