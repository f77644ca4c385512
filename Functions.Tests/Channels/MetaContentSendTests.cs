using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>What is more than text, as Meta documents it and within its limits.</summary>
public sealed class MetaContentSendTests : IAsyncLifetime
{
    private static readonly Guid Id = Guid.Parse("018f3c1e-5a77-7000-8000-0123456789ab");
    private ProviderServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync();
        _server.AnswerWith(200, """{"messages":[{"id":"wamid.OUT"}]}""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string, string> Contents => new()
    {
        {
            """
            {"type":"buttons","options":[{"id":"s","title":"Sim"},{"id":"n","title":"Agora não, mais tarde talvez"}]}
            """,
            """
            {"type":"interactive","interactive":{"type":"button","body":{"text":"Posso ajudar?"},"action":{"buttons":[
              {"type":"reply","reply":{"id":"s","title":"Sim"}},
              {"type":"reply","reply":{"id":"n","title":"Agora não, mais…"}}]}}}
            """
        },
        {
            """
            {"type":"list","label":"Ver os produtos da loja","options":[
              {"id":"1","title":"Sofá","description":"3 lugares"},
              {"id":"2","title":"Mesa"}]}
            """,
            """
            {"type":"interactive","interactive":{"type":"list","body":{"text":"Posso ajudar?"},"action":{
              "button":"Ver os produtos da…","sections":[{"rows":[{"id":"1","title":"Sofá","description":"3 lugares"},
              {"id":"2","title":"Mesa"}]}]}}}
            """
        },
        {
            """{"type":"reaction","to":"wamid.IN","emoji":"👍"}""",
            """{"type":"reaction","reaction":{"message_id":"wamid.IN","emoji":"👍"}}"""
        },
        {
            """{"type":"reaction","to":"wamid.IN","emoji":""}""",
            """{"type":"reaction","reaction":{"message_id":"wamid.IN","emoji":""}}"""
        },
        {
            """{"type":"location","latitude":-23.55,"longitude":-46.63,"name":"Loja","address":"Rua A, 1"}""",
            """
            {"type":"location","location":{"latitude":-23.55,"longitude":-46.63,"name":"Loja","address":"Rua A, 1"}}
            """
        },
        {
            """{"type":"location","latitude":-23.55,"longitude":-46.63}""",
            """{"type":"location","location":{"latitude":-23.55,"longitude":-46.63}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task SendAsync_Content_IsPostedAsDocumented(string content, string expected)
    {
        JsonObject sent = await SendAsync(Message() with { Content = OutboundContent.Read(content)! });
        foreach ((string name, JsonNode? value) in JsonNode.Parse(expected)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, sent[name]), sent.ToJsonString());
        Assert.Equal(Id.ToString(), (string?)sent["biz_opaque_callback_data"]);
        Assert.Equal("5511999990000", (string?)sent["to"]);
    }

    [Fact]
    public async Task SendAsync_MoreThanFits_GoesAsTextWithEverythingInIt()
    {
        var four = new OutboundContent.Buttons(
            [.. "abcd".Select(c => new OutboundContent.Choice($"{c}", $"Opção {c}"))]);
        JsonObject sent = await SendAsync(Message() with { Content = four });
        Assert.Equal(
            "Posso ajudar?\n\n1. Opção a\n2. Opção b\n3. Opção c\n4. Opção d", (string?)sent["text"]!["body"]);

        string text = new('x', 1_025);
        var list = new OutboundContent.Choices("Ver", [new OutboundContent.Choice("1", "Sofá", "azul")]);
        sent = await SendAsync(Message() with { Text = text, Content = list });
        Assert.Equal(text + "\n\n1. Sofá: azul", (string?)sent["text"]!["body"]);

        sent = await SendAsync(Message() with { Content = new OutboundContent.Place(double.NaN, 400, null, null) });
        Assert.Equal("Posso ajudar?", (string?)sent["text"]!["body"]);
    }

    [Fact]
    public async Task SendAsync_IdsAndTitles_AreWithinTheLimitsAndApart()
    {
        string same = "Quero saber mais sobre isto";
        var buttons = new OutboundContent.Buttons([new(new string('i', 300), same), new("", same), new("", "  ")]);
        JsonArray sent = (await SendAsync(Message() with { Content = buttons }))
            ["interactive"]!["action"]!["buttons"]!.AsArray();
        string[] titles = [.. sent.Select(b => (string)b!["reply"]!["title"]!)];
        string[] ids = [.. sent.Select(b => (string)b!["reply"]!["id"]!)];
        Assert.All(titles, t => Assert.InRange(t.Length, 1, 20));
        Assert.All(ids, t => Assert.InRange(t.Length, 1, 256));
        Assert.Equal((3, 3), (titles.Distinct().Count(), ids.Distinct().Count()));

        var list = new OutboundContent.Choices(
            "",
            [.. Enumerable.Range(0, 10).Select(n => new OutboundContent.Choice($"{n}", same, new string('d', 90)))]);
        JsonNode action = (await SendAsync(Message() with { Content = list }))["interactive"]!["action"]!;
        Assert.InRange(((string)action["button"]!).Length, 1, 20);
        JsonArray rows = action["sections"]![0]!["rows"]!.AsArray();
        Assert.Equal(10, rows.Select(r => (string)r!["title"]!).Distinct().Count());
        Assert.All(rows, r => Assert.InRange(((string)r!["title"]!).Length, 1, 24));
        Assert.All(rows, r => Assert.Equal(72, ((string)r!["description"]!).Length));
    }

    [Fact]
    public async Task SendAsync_Quote_NamesTheMessage()
    {
        JsonObject sent = await SendAsync(Message() with { Quotes = "wamid.IN" });
        Assert.Equal("""{"message_id":"wamid.IN"}""", sent["context"]!.ToJsonString());
        sent = await SendAsync(
            Message() with { Quotes = "wamid.IN", Content = new OutboundContent.Reaction("wamid.X", "👍") });
        Assert.Null(sent["context"]);
    }

    private async Task<JsonObject> SendAsync(OutboundMessage message)
    {
        using var provider = new MetaCloudProvider(
            new MetaCloudOptions { BaseUrl = _server.Url + "/v9" }, TimeProvider.System,
            NullLogger<MetaCloudProvider>.Instance);
        var channel = new Channel(new TenantId(Id), new ChannelId(Id), "meta-cloud", "1055", "token", [], "", true);
        Assert.Equal(
            new SendOutcome.Sent("wamid.OUT"), await provider.SendAsync(channel, message, CancellationToken.None));
        return JsonNode.Parse(_server.Requests.Last().Body)!.AsObject();
    }

    private static OutboundMessage Message() => new(new MessageId(Id), Id, "5511999990000", "Posso ajudar?");
}
