using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Api;

public sealed class ContactEndpointsTests : IAsyncLifetime
{
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
    public async Task Contacts_PageByPage_GiveEachOnceYoungestFirst()
    {
        for (int i = 0; i < 7; i++)
            await _host.Rows.ConversationAsync(_tenant, _channel, $"Cliente {i}", $"551199000000{i}");
        Assert.Equal(
            ["Cliente 6", "Cliente 5", "Cliente 4", "Cliente 3", "Cliente 2", "Cliente 1", "Cliente 0"],
            await PagesAsync("/api/v1/contacts?limit=3"));
        Assert.Equal(
            ["Cliente 6", "Cliente 5", "Cliente 4", "Cliente 3", "Cliente 2", "Cliente 1", "Cliente 0"],
            await PagesAsync("/api/v1/leads?limit=3"));
        Assert.Equal(7, (await PagesAsync("/api/v1/leads?limit=3&active=true")).Distinct().Count());
    }

    [Theory]
    [InlineData("search=ana", "Ana Lima")]
    [InlineData("search=NA%20LI", "Ana Lima")]
    [InlineData("search=90000002", "100% Móveis_")]
    [InlineData("search=100%25%20M", "100% Móveis_")]
    [InlineData("search=___", "")]
    [InlineData("phone=(11)%2099000-0002", "100% Móveis_")]
    [InlineData("phone=5511990000009", "")]
    public async Task Search_PartOfNameOrNumber_FindsContactAndLead(string query, string name)
    {
        await _host.Rows.ConversationAsync(_tenant, _channel, "Ana Lima", "5511990000001");
        await _host.Rows.ConversationAsync(_tenant, _channel, "100% Móveis_", "5511990000002");
        await _host.Rows.RunAsync("update leads l set phone = p.phone from contacts p where p.id = l.contact_id");
        string[] expected = name.Length == 0 ? [] : [name];
        Assert.Equal(expected, await PagesAsync($"/api/v1/contacts?{query}"));
        Assert.Equal(expected, await PagesAsync($"/api/v1/leads?{query}"));
    }

    [Theory]
    [InlineData("/api/v1/contacts?search=ab", "search")]
    [InlineData("/api/v1/contacts?field=cidade", "field")]
    [InlineData("/api/v1/contacts?status=active,blocked", "status")]
    [InlineData("/api/v1/contacts?after=x", "after")]
    [InlineData("/api/v1/leads?limit=201", "limit")]
    [InlineData("/api/v1/leads?status=lost&active=true", "active")]
    public async Task List_WithWhatItDoesNotUnderstand_IsRefused(string path, string field)
    {
        (HttpStatusCode status, JsonElement body) = await _host.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Contact_Changed_IsFoundByWhatTheCompanyKeepsOfIt()
    {
        (Guid contact, _) = await CustomerAsync("Ana", "5511990000001");
        (Guid other, _) = await CustomerAsync("Bia", "5511990000002");
        (HttpStatusCode status, JsonElement changed) = await PutAsync(
            contact, new { name = "Ana Lima", clientId = "erp-7", metadata = new { cidade = "Recife" } });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("erp-7", changed.GetProperty("clientId").GetString());

        Assert.Equal(["Ana Lima"], await PagesAsync("/api/v1/contacts?clientId=erp-7"));
        Assert.Equal(["Ana Lima"], await PagesAsync("/api/v1/contacts?field=cidade:Recife&status=active"));
        Assert.Equal("Recife", (await _host.GetAsync($"/api/v1/contacts/{contact}")).Body
            .GetProperty("metadata").GetProperty("cidade").GetString());
        (HttpStatusCode taken, JsonElement refusal) = await PutAsync(
            other, new { name = "Bia", clientId = "erp-7", metadata = new { } });
        Assert.Equal(HttpStatusCode.Conflict, taken);
        Assert.Equal("client_id_taken", refusal.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(other, new { name = "Bia" })).Status);
    }

    [Theory]
    [InlineData("""{"a":["\ud800"]}""")]
    [InlineData("""{"a\udc00":1}""")]
    [InlineData("""{"a":{"b":1e999999}}""")]
    public async Task Contact_WithMetadataThatCannotBeKept_IsRefusedByName(string metadata)
    {
        (Guid contact, _) = await CustomerAsync("Ana", "5511990000001");
        (HttpStatusCode status, JsonElement body) = await _host.SendAsync(
            HttpMethod.Put, $"/api/v1/contacts/{contact}", null,
            new StringContent(
                """{"name":"Ana","metadata":""" + metadata + "}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("metadata", body.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Lead_ByWhatIsKnownOfIt_IsFound()
    {
        (_, Guid ana) = await CustomerAsync("Ana", "5511990000001");
        await CustomerAsync("Bia", "5511990000002");
        await _host.Rows.RunAsync(
            """
            update leads set qualification = 'hot', status = 'won', custom_data = '{"cidade": "Recife"}' where id = $1
            """, ana);
        Assert.Equal(["Ana"], await PagesAsync("/api/v1/leads?qualification=hot"));
        Assert.Equal(["Ana"], await PagesAsync("/api/v1/leads?status=won"));
        Assert.Equal(["Bia"], await PagesAsync("/api/v1/leads?status=open"));
        Assert.Equal(["Bia"], await PagesAsync("/api/v1/leads?active=true"));
        Assert.Equal(["Ana"], await PagesAsync("/api/v1/leads?field=cidade:Recife"));
        (HttpStatusCode status, JsonElement lead) = await _host.GetAsync($"/api/v1/leads/{ana}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Recife", lead.GetProperty("fields").GetProperty("cidade").GetString());
    }

    [Fact]
    public async Task Lead_ReadsWhatWasSaid_NewestFirst()
    {
        ConversationId conversation = await _host.Rows.ConversationAsync(_tenant, _channel);
        await _host.Rows.MessageAsync(_tenant, conversation, "cliente", "oi");
        await _host.Rows.MessageAsync(_tenant, conversation, "bot", "Olá!");
        await _host.Rows.MessageAsync(_tenant, conversation, "cliente", "quanto?");
        Guid lead = await _host.Rows.ScalarAsync<Guid>("select id from leads");

        (_, JsonElement first) = await _host.GetAsync($"/api/v1/leads/{lead}/messages?limit=2");
        (_, JsonElement rest) = await _host.GetAsync(
            $"/api/v1/leads/{lead}/messages?limit=2&before={first.GetProperty("next").GetString()}");
        (_, JsonElement detail) = await _host.GetAsync($"/api/v1/leads/{lead}");

        Assert.Equal(["quanto?", "Olá!"], Texts(first));
        Assert.Equal(["oi"], Texts(rest));
        Assert.Equal(2, detail.GetProperty("recentMessages").GetInt64());
        Assert.Equal(conversation.Value, detail.GetProperty("conversationId").GetGuid());
    }

    [Fact]
    public async Task Lead_Deleted_IsForgottenUntilItsCustomerWritesAgain()
    {
        (_, Guid lead) = await CustomerAsync("Ana", "5511990000001");
        await _host.Rows.RunAsync(
            """update leads set qualification = 'hot', custom_data = '{"cidade": "Recife"}' where id = $1""", lead);
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(lead));

        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(lead));
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"/api/v1/leads/{lead}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"/api/v1/leads/{lead}/messages")).Status);
        Assert.Empty(await PagesAsync("/api/v1/leads"));
        Assert.Empty(await PagesAsync("/api/v1/leads?active=true"));
        Assert.Single(await PagesAsync("/api/v1/conversations", "contactName"));
        Assert.Equal("{}", await _host.Rows.ScalarAsync<string>("select custom_data::text from leads"));

        // As a recorded message notes it, at most once a minute.
        await _host.Rows.RunAsync(
            """
            update leads set last_activity_at = now() + interval '1 second'
            where last_activity_at < now() - interval '1 minute'
            """);
        Assert.Equal(["Ana"], await PagesAsync("/api/v1/leads?qualification=unknown"));
    }

    [Fact]
    public async Task AnotherTenants_AreNotThere()
    {
        (Guid contact, Guid lead) = await CustomerAsync("Ana", "5511990000001");
        TenantId other = await _host.Rows.TenantAsync("Outra");
        foreach (string path in new[] { $"contacts/{contact}", $"leads/{lead}", $"leads/{lead}/messages" })
            Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync("/api/v1/" + path, other)).Status);
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(lead, other));
        Assert.Equal(
            HttpStatusCode.NotFound, (await PutAsync(contact, new { name = "X", metadata = new { } }, other)).Status);
        string[] lists = ["contacts", "contacts?search=ana", "leads", "leads?search=ana", "conversations"];
        foreach (string path in lists)
        {
            (_, JsonElement body) = await _host.GetAsync("/api/v1/" + path, other);
            Assert.Equal(0, body.GetProperty("items").GetArrayLength());
        }
    }

    [Fact]
    public async Task Conversations_OfOneCustomerAgentOrChannel_AreThoseOnly()
    {
        ConversationId ana = await _host.Rows.ConversationAsync(_tenant, _channel, "Ana", "5511990000001");
        ChannelId second = await _host.Rows.ChannelAsync(_tenant, "other-token");
        await _host.Rows.ConversationAsync(_tenant, second, "Bia", "5511990000002");
        Guid contact = await _host.Rows.ScalarAsync<Guid>("select id from contacts where name = 'Ana'");
        Guid agent = Ids.New(TimeProvider.System);
        await _host.Rows.RunAsync(
            "insert into agents (tenant_id, id, name) values ($1, $2, 'A')", _tenant.Value, agent);
        await _host.PostAsync($"/api/v1/conversations/{ana}/takeover", tenant: _tenant);
        await _host.Rows.RunAsync(
            "update conversations set user_id = $1, epoch = epoch + 1 where id = $2", agent, ana.Value);

        Assert.Equal(["Ana"], await PagesAsync($"/api/v1/conversations?contact={contact}", "contactName"));
        Assert.Equal(["Ana"], await PagesAsync($"/api/v1/conversations?agent={agent}&status=human", "contactName"));
        Assert.Equal(["Bia"], await PagesAsync($"/api/v1/conversations?channel={second}", "contactName"));
        Assert.Empty(await PagesAsync($"/api/v1/conversations?team={agent}", "contactName"));
    }

    [Theory]
    [InlineData("conversations")]
    [InlineData("conversations?status=waiting,human&unanswered=true")]
    [InlineData("contacts?search=ana")]
    [InlineData("contacts?phone=5511990000001")]
    [InlineData("leads?qualification=hot")]
    [InlineData("leads?active=true")]
    public async Task List_OneRequest_IsOneStatement(string path)
    {
        await CustomerAsync("Ana", "5511990000001");
        await _host.GetAsync("/api/v1/" + path, _tenant);
        using var sent = new RoundTrips(_host.Database);
        await _host.GetAsync("/api/v1/" + path, _tenant);
        string[] ours = [.. sent.Sent.Where(s => !s.Contains("from tenants", StringComparison.Ordinal))];
        Assert.Single(ours);
        const StringSplitOptions Bare = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        Assert.Equal(2, ours[0].Split(';', Bare).Length);
    }

    private async Task<(Guid Contact, Guid Lead)> CustomerAsync(string name, string phone)
    {
        await _host.Rows.ConversationAsync(_tenant, _channel, name, phone);
        return (
            await _host.Rows.ScalarAsync<Guid>("select id from contacts order by id desc limit 1"),
            await _host.Rows.ScalarAsync<Guid>("select id from leads order by id desc limit 1"));
    }

    private async Task<List<string>> PagesAsync(string path, string field = "name")
    {
        List<string> seen = [];
        for (string? next = ""; next is not null;)
        {
            string after = next.Length > 0 ? $"&after={next}" : "";
            (HttpStatusCode status, JsonElement body) = await _host.GetAsync(path + after, _tenant);
            Assert.Equal(HttpStatusCode.OK, status);
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(field).GetString()!));
            next = body.GetProperty("next").GetString();
        }

        return seen;
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(Guid id, object body, TenantId? tenant = null) =>
        _host.SendAsync(HttpMethod.Put, $"/api/v1/contacts/{id}", tenant ?? _tenant, JsonContent.Create(body));

    private async Task<HttpStatusCode> DeleteAsync(Guid lead, TenantId? tenant = null) =>
        (await _host.SendAsync(HttpMethod.Delete, $"/api/v1/leads/{lead}", tenant ?? _tenant)).Status;

    private static IEnumerable<string> Texts(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("text").GetString()!);
}
