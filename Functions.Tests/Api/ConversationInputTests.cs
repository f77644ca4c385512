using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Vellarys.Tests.Api;

/// <summary>What is wrong with a request is named; nothing here changes anything, so one host serves all.</summary>
public sealed class ConversationInputTests(ConversationInputTests.OneHost host)
    : IClassFixture<ConversationInputTests.OneHost>
{
    [Theory]
    [InlineData("/api/v1/conversations?status=sleeping", "status")]
    [InlineData("/api/v1/conversations?status=", "status")]
    [InlineData("/api/v1/conversations?status=bot&status=human", "status")]
    [InlineData("/api/v1/conversations?limit=0", "limit")]
    [InlineData("/api/v1/conversations?limit=201", "limit")]
    [InlineData("/api/v1/conversations?limit=ten", "limit")]
    [InlineData("/api/v1/conversations?after=@@", "after")]
    [InlineData("/api/v1/conversations?after=bm9wZQ", "after")]
    [InlineData("/api/v1/conversations?phone=%2B55", "phone")]
    [InlineData("/api/v1/conversations/01890000-0000-7000-8000-000000000000/messages?before=x", "before")]
    [InlineData("/api/v1/custody?since=yesterday", "since")]
    [InlineData("/api/v1/conversations?tenant=aurora", "tenant")]
    public async Task Get_WrongParameter_IsRefusedByName(string path, string field)
    {
        (HttpStatusCode status, JsonElement body) = await host.Host.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_request", body.GetProperty("code").GetString());
        Assert.Equal(field, body.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.NotEmpty(body.GetProperty("errors")[0].GetProperty("reason").GetString()!);
    }

    [Theory]
    [InlineData("""{"text":""}""", "text")]
    [InlineData("""{"text":"  \n "}""", "text")]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"text":5}""", "text")]
    [InlineData("""{"text":"a\u0000b"}""", "text")]
    [InlineData("""{"text":"\ud800"}""", "text")]
    [InlineData("""{"text":"oi","to":"5511"}""", "to")]
    [InlineData("""{"text":"oi"}{}""", "$")]
    [InlineData("""{"text":"oi",""", "$")]
    [InlineData("""[]""", "$")]
    [InlineData("""null""", "$")]
    [InlineData("", "$")]
    public async Task Reply_WrongBody_IsRefusedByName(string json, string field)
    {
        (HttpStatusCode status, JsonElement body) = await host.Host.SendAsync(
            HttpMethod.Post, $"/api/v1/conversations/{host.Conversation}/replies", null,
            new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Reply_BodyThatIsNoJson_SaysWhere()
    {
        (HttpStatusCode status, JsonElement body) = await host.Host.SendAsync(
            HttpMethod.Post, $"/api/v1/conversations/{host.Conversation}/replies", null,
            new StringContent("{\n\"text\" \"oi\"}", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "is no JSON from line 2, byte 8 on", body.GetProperty("errors")[0].GetProperty("reason").GetString());
    }

    public sealed class OneHost : IAsyncLifetime
    {
        internal ApiHost Host { get; private set; } = null!;

        internal ConversationId Conversation { get; private set; }

        public async Task InitializeAsync()
        {
            Host = await ApiHost.StartAsync();
            TenantId tenant = await Host.Rows.TenantAsync();
            Conversation = await Host.Rows.ConversationAsync(tenant, await Host.Rows.ChannelAsync(tenant));
        }

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
