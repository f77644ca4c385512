using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Knowledge;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Knowledge;

public sealed class KnowledgeEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync(services: s => s.AddKnowledge());
        _tenant = await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Document_WrittenReplacedAndRemoved_IsWhatASearchFinds()
    {
        (HttpStatusCode status, JsonElement created) = await _host.PostAsync(
            "/api/v1/knowledge", new { title = "Entrega", text = "Entregamos em cinco dias." }, _tenant);
        Assert.Equal(HttpStatusCode.Created, status);
        string path = $"/api/v1/knowledge/{created.GetProperty("id").GetString()}";
        Assert.Equal("Entregamos em cinco dias.", await PieceAsync(path));

        (status, _) = await _host.SendAsync(
            HttpMethod.Put, path, _tenant, JsonContent.Create(new { title = "Entrega", text = "Em dez dias." }));
        Assert.Equal((HttpStatusCode.OK, "Em dez dias."), (status, await PieceAsync(path)));
        // Longer than other bodies may be.
        string longText = string.Join(' ', Enumerable.Repeat("Entregamos em dez dias.", 8_000));
        (status, _) = await _host.SendAsync(
            HttpMethod.Put, path, _tenant, JsonContent.Create(new { title = "Entrega", text = longText }));
        Assert.Equal(HttpStatusCode.OK, status);

        TenantId other = await _host.Rows.TenantAsync("Outra");
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Get, path, other)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Delete, path, other)).Status);
        (_, JsonElement list) = await _host.GetAsync("/api/v1/knowledge", _tenant);
        JsonElement row = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal("Entrega", row.GetProperty("title").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await _host.SendAsync(HttpMethod.Delete, path, _tenant)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Delete, path, _tenant)).Status);
        Assert.Equal(0, await _host.Rows.ScalarAsync<long>("select count(*) from knowledge_chunks"));
    }

    [Theory]
    [InlineData("", "x", "title")]
    [InlineData("Entrega", " ", "text")]
    public async Task Document_WithoutTitleOrText_IsRefusedByField(string title, string text, string field)
    {
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync(
            "/api/v1/knowledge", new { title, text }, _tenant);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    private async Task<string> PieceAsync(string path)
    {
        (HttpStatusCode status, JsonElement body) = await _host.GetAsync(path, _tenant);
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body.GetProperty("pieces")[0].GetString()!;
    }
}
