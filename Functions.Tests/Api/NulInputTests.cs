using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Vellarys.Tests.Api;

public sealed class NulInputTests
{
    [Theory]
    [InlineData("GET", "/api/v1/conversations?phone=55%0011", null, "phone")]
    [InlineData("GET", "/api/v1/conversations?after=a%00b", null, "after")]
    [InlineData("GET", "/api/v1/conversations?tenant=%00", null, "tenant")]
    [InlineData("GET", "/api/v1/operations/dead-letters?subject=a%00b", null, "subject")]
    [InlineData("GET", "/api/v1/conversations?nobody-reads-this=%00", null, "nobody-reads-this")]
    [InlineData("GET", "/api/v1/conversations?a%00=1", null, "query")]
    [InlineData("GET", "/health?x=%00", null, "x")]
    [InlineData("POST", "/api/v1/agents", """{"name":"a\u0000b"}""", "name")]
    [InlineData("POST", "/api/v1/agents", """{"name":"ab","skills":["x","y\u0000"]}""", "skills")]
    [InlineData("POST", "/api/v1/teams", """{"name":"\u0000"}""", "name")]
    public async Task Nul_Anywhere_IsAnsweredWithItsField(string method, string path, string? body, string field)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.Rows.TenantAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        JsonElement problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_request", problem.GetProperty("code").GetString());
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.False(problem.TryGetProperty("instance", out _));
    }

    [Theory]
    [InlineData("/api/v1/custody/wamid%00x")]
    [InlineData("/api/v1/webhooks/%00")]
    [InlineData("/sandbox/%00")]
    public async Task Nul_InThePath_IsABadRequest(string path)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.Rows.TenantAsync();
        using HttpResponseMessage response = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
