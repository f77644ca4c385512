using System.Text;
using Microsoft.AspNetCore.Http;
using Vellarys.Channels;
using Vellarys.Channels.Sandbox;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class SandboxProviderTests
{
    private static readonly SandboxProvider Channel = new(TimeProvider.System);

    [Fact]
    public void Read_OneMessage_IsATextOfThatNumber()
    {
        InboundEvent happened = Assert.Single(
            Read("""{"id":"sandbox.1","from":"551187654321","name":"Ana","text":"oi","timestamp":1760000000}""")).Event;
        Assert.Equal((InboundKind.Message, "sandbox.1", "text", "oi"),
            (happened.Kind, happened.EventId, happened.Type, happened.Text));
        Assert.Equal(("551187654321", "Ana"), (happened.Address, happened.ProfileName));
        Assert.Equal(new IdentityKey("phone", "5511987654321"), Assert.Single(happened.Identities));
        Assert.Equal(1_760_000_000, happened.SentAt.ToUnixTimeSeconds());
    }

    [Fact]
    public void Read_NoId_EachGetsItsOwn()
    {
        IReadOnlyList<WebhookItem> items = Read(
            """{"messages":[{"from":"5511987654321","text":"oi"},{"from":"5511987654321","text":"oi"}]}""");
        Assert.Equal(2, items.Select(i => i.Event.EventId).Distinct().Count());
        Assert.All(items, i => Assert.StartsWith("sandbox.", i.Event.EventId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    [InlineData("{", "$")]
    [InlineData("{}", "$.from")]
    [InlineData("""{"from":"+5511","text":"oi"}""", "$.from")]
    [InlineData("""{"from":5511987654321,"text":"oi"}""", "$.from")]
    [InlineData("""{"from":"5511987654321"}""", "$.text")]
    [InlineData("""{"from":"5511987654321","text":""}""", "$.text")]
    [InlineData("""{"from":"5511987654321","text":["oi"]}""", "$.text")]
    [InlineData("""{"from":"5511987654321","text":"oi","id":1}""", "$.id")]
    [InlineData("""{"from":"5511987654321","text":"oi","name":{}}""", "$.name")]
    [InlineData("""{"messages":[]}""", "$.messages")]
    [InlineData("""{"messages":{}}""", "$.messages")]
    [InlineData("""{"messages":[{"from":"5511987654321","text":"oi"},7]}""", "$.messages[1]")]
    [InlineData("""{"messages":[{"from":"5511987654321","text":"oi"},{"from":"x"}]}""", "$.messages[1].from")]
    public void Read_WrongField_IsNamed(string body, string field) =>
        Assert.Equal(field, Assert.Throws<MalformedWebhook>(() => Read(body)).Field);

    [Fact]
    public void Read_TextOf4097_IsTooLong()
    {
        Assert.Single(Read($$"""{"from":"5511987654321","text":"{{new string('a', 4_096)}}"}"""));
        MalformedWebhook e = Assert.Throws<MalformedWebhook>(
            () => Read($$"""{"from":"5511987654321","text":"{{new string('a', 4_097)}}"}"""));
        Assert.Equal("$.text", e.Field);
    }

    [Theory]
    [InlineData("one", true)]
    [InlineData("two", true)]
    [InlineData("three", false)]
    [InlineData("", false)]
    public void IsAuthentic_Token_IsOneOfTheChannels(string token, bool expected) =>
        Assert.Equal(expected, Channel.IsAuthentic(
            Account("one", "two", ""), new HeaderDictionary { [SandboxProvider.TokenHeader] = token }, []));

    [Fact]
    public void IsAuthentic_NoHeaderOrNoChannel_IsFalse()
    {
        Assert.False(Channel.IsAuthentic(Account("one"), new HeaderDictionary(), []));
        Assert.False(Channel.IsAuthentic(null, new HeaderDictionary { [SandboxProvider.TokenHeader] = "one" }, []));
    }

    [Fact]
    public async Task SendAsync_Message_IsSentUnderItsOwnId()
    {
        var id = new MessageId(Ids.New(TimeProvider.System));
        SendOutcome outcome = await Channel.SendAsync(
            Account("one"), new OutboundMessage(id, id.Value, "5511987654321", "oi"), CancellationToken.None);
        Assert.Equal(new SendOutcome.Sent($"sandbox.{id}"), outcome);
    }

    [Fact]
    public async Task SendAsync_Template_IsSentAsItsText()
    {
        var id = new MessageId(Ids.New(TimeProvider.System));
        var template = new TemplateMessage("ola", "pt_BR", ["Ana"]);
        SendOutcome outcome = await Channel.SendAsync(
            Account("one"), new OutboundMessage(id, id.Value, "5511987654321", "Olá, Ana", template),
            CancellationToken.None);
        Assert.Equal(new SendOutcome.Sent($"sandbox.{id}"), outcome);
    }

    private static IReadOnlyList<WebhookItem> Read(string body) =>
        Channel.Read(Account("one"), Encoding.UTF8.GetBytes(body), Payloads.ReceivedAt).Items;

    private static Channel Account(params string[] secrets) => new(
        new TenantId(Ids.New(TimeProvider.System)), new ChannelId(Ids.New(TimeProvider.System)), "sandbox", "demo", "",
        secrets, "", true);
}
