using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Conversations.QuickReplies;

public sealed class QuickReplyTests
{
    [Fact]
    public async Task QuickReply_ItsLife_IsMadeListedChangedAndGone()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync(), other = await host.Rows.TenantAsync();
        (HttpStatusCode status, JsonElement made) = await host.PostAsync(
            "/api/v1/quick-replies", new { shortcut = "/Pix", text = "Nossa chave é ..." }, tenant);
        Assert.Equal((HttpStatusCode.Created, "pix"), (status, made.GetProperty("shortcut").GetString()));
        (status, _) = await host.PostAsync("/api/v1/quick-replies", new { shortcut = "pix", text = "x" }, tenant);
        Assert.Equal(HttpStatusCode.Conflict, status);
        (status, _) = await host.PostAsync("/api/v1/quick-replies", new { shortcut = "a b", text = "" }, tenant);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        string path = $"/api/v1/quick-replies/{made.GetProperty("id").GetString()}";
        (status, _) = await host.SendAsync(HttpMethod.Delete, path, other);
        Assert.Equal(HttpStatusCode.NotFound, status);
        (_, JsonElement changed) = await host.SendAsync(
            HttpMethod.Put, path, tenant, JsonContent.Create(new { shortcut = "chave", text = "y" }));
        Assert.Equal("y", changed.GetProperty("text").GetString());
        (_, JsonElement list) = await host.GetAsync("/api/v1/quick-replies", tenant);
        Assert.Equal(1, list.GetProperty("items").GetArrayLength());
        (status, _) = await host.SendAsync(HttpMethod.Delete, path, tenant);
        Assert.Equal(HttpStatusCode.NoContent, status);
    }
}
