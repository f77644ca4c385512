using System.Net;
using System.Text.Json.Nodes;
using Vellarys.Api.Description;
using Xunit;

namespace Vellarys.Tests.Api.Description;

public sealed class DescriptionPageTests
{
    [Fact]
    public async Task Page_OpenToAll_ListsEveryOperationAndLoadsNothing()
    {
        (var response, string page) = await ApiDocument.GetAsync("/docs");
        Assert.Equal(200, response.StatusCode);
        string policy = response.Headers.ContentSecurityPolicy.ToString();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.All(
            BreakingChanges.Operations(await ApiDocument.ReadAsync()),
            o => Assert.Contains($"<code>{o.Name}</code>", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_TextThatLooksLikeMarkup_IsText()
    {
        const string Evil = "</h2><script>alert('x')</script>\"";
        string page = DescriptionPage.Of(new JsonObject
        {
            ["info"] = new JsonObject { ["description"] = Evil },
            ["tags"] = new JsonArray(new JsonObject { ["name"] = Evil, ["description"] = Evil }),
            ["paths"] = new JsonObject
            {
                ["/" + Evil] = new JsonObject
                {
                    ["get"] = new JsonObject
                    {
                        ["tags"] = new JsonArray(Evil),
                        ["summary"] = Evil,
                        ["x-permission"] = Evil,
                        ["parameters"] = new JsonArray(new JsonObject { ["name"] = Evil, ["in"] = "query" }),
                        ["responses"] = new JsonObject(),
                    },
                },
            },
        });
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(9, page.Split("&lt;script&gt;").Length);
    }

    [Fact]
    public async Task Description_OfAServer_IsReadWithoutAKeyAndOnlyOnce()
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Api:Key"] = "a-key-of-sufficient-length" });
        using HttpResponseMessage first = await host.Client.GetAsync(ApiDocument.Path);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("application/json", first.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(JsonNode.Parse(await first.Content.ReadAsStringAsync())!["paths"]!["/api/v1/conversations"]);

        using HttpRequestMessage again = new(HttpMethod.Get, ApiDocument.Path);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await host.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }
}
