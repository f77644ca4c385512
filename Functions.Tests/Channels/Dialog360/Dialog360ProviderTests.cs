using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Dialog360;
using Xunit;

namespace Vellarys.Tests.Channels.Dialog360;

public sealed class Dialog360ProviderTests : IAsyncLifetime, IDisposable
{
    private static readonly Guid Id = Guid.Parse("018f3c1e-5a77-7000-8000-0123456789ab");
    private static readonly byte[] Body = "{\"object\":1}"u8.ToArray();
    private ProviderServer _server = null!;
    private Dialog360Provider _provider = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync();
        _provider = new Dialog360Provider(
            new Dialog360Options { BaseUrl = _server.Url, SendTimeout = TimeSpan.FromMinutes(1) }, TimeProvider.System,
            NullLogger<Dialog360Provider>.Instance);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData("X-Webhook-Token", "new-secret", true)]
    [InlineData("X-Webhook-Token", "old-secret", true)]
    [InlineData("X-Webhook-Token", "old-secret ", false)]
    [InlineData("X-Webhook-Token", "", false)]
    [InlineData("Authorization", "Bearer new-secret", true)]
    [InlineData("Authorization", "Basic new-secret", false)]
    [InlineData("x-360dialog-signature", "{mac}", true)]
    [InlineData("x-360dialog-signature", "sha256={mac}", true)]
    [InlineData("x-360dialog-signature", "sha1={mac}", false)]
    [InlineData("X-Hub-Signature-256", "sha256={mac}", false)]
    public void IsAuthentic_Header_ProvesTheOriginByALiveSecret(string header, string value, bool expected)
    {
        string mac = Convert.ToHexStringLower(HMACSHA256.HashData("old-secret"u8.ToArray(), Body));
        var headers = new HeaderDictionary { [header] = value.Replace("{mac}", mac, StringComparison.Ordinal) };
        Channel channel = Number() with { WebhookSecrets = ["new-secret", "old-secret"] };
        Assert.Equal(
            expected, _provider.LooksSigned(channel, headers) && _provider.IsAuthentic(channel, headers, Body));
        Assert.False(_provider.IsAuthentic(null, headers, Body));
        Assert.False(_provider.IsAuthentic(channel with { WebhookSecrets = [] }, headers, Body));
        Assert.False(_provider.IsAuthentic(channel with { WebhookSecrets = [""] }, headers, Body));
    }

    [Theory]
    [InlineData("1234567890", "1234567890")]
    [InlineData("250788123200", "250788123200")]
    [InlineData("999", "1234567890")]
    public void Read_Number_IsFoundByItsIdOrByItsDigits(string address, string expected)
    {
        byte[] body = Payloads.Read("01-text.json", "360dialog");
        WebhookItem item = Assert.Single(
            _provider.Read(Number() with { Address = address }, body, Payloads.ReceivedAt).Items);
        Assert.Equal(expected, item.Address);
    }

    [Fact]
    public async Task SendAsync_Text_IsMetasBodyWithTheNumbersOwnKey()
    {
        _server.AnswerWith(201, """{"contacts":[{"input":"+55","wa_id":"1"}],"messages":[{"id":"wamid.OUT"}]}""");
        Assert.Equal(new SendOutcome.Sent("wamid.OUT"), await SendAsync());
        (string path, string body, Dictionary<string, string> headers) = Assert.Single(_server.Requests);
        Assert.Equal(("/messages", "the-key"), (path, headers["D360-API-KEY"]));
        Assert.DoesNotContain("authorization", headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal("oi", (string?)JsonNode.Parse(body)!["text"]!["body"]);
    }

    [Theory]
    [InlineData(400, """{"error":{"code":131047}}""", "Refused 131047")]
    [InlineData(400, """{"error":{"code":"130429"}}""", "NotNow 130429")]
    [InlineData(
        401, """{"meta":{"success":false,"developer_message":"Invalid api key","http_code":401}}""", "Stop http_401")]
    [InlineData(401, "", "NotNow http_401")]
    [InlineData(400, """{"meta":{"developer_message":"This number is disabled"}}""", "Stop http_400")]
    [InlineData(400, """{"message":"You exceeded the endpoint rate limit"}""", "NotNow http_400")]
    [InlineData(403, """{"detail":"Payment required: unpaid invoices"}""", "Stop http_403")]
    [InlineData(403, """{"detail":"endpoint blocked"}""", "NotNow http_403")]
    [InlineData(429, """{"meta":{"developer_message":"Too many requests"}}""", "NotNow http_429")]
    [InlineData(503, """{"message":"no capacity"}""", "NotNow http_503")]
    [InlineData(503, "<html>", "Uncertain http_503")]
    [InlineData(502, """{"message":"WhatsApp is unavailable"}""", "Uncertain http_502")]
    [InlineData(500, """{"error":{"code":131000}}""", "Uncertain 131000")]
    [InlineData(400, """{"message":"Parameter value is not valid"}""", "Refused http_400")]
    public async Task SendAsync_Failure_IsJudgedByCodeAndElseByWords(int status, string body, string expected)
    {
        _server.AnswerWith(status, body);
        Assert.Equal(expected, await SendAsync() switch
        {
            SendOutcome.Refused { StopsChannel: true } o => "Stop " + o.Code,
            SendOutcome.Refused o => "Refused " + o.Code,
            SendOutcome.NotNow o => "NotNow " + o.Code,
            SendOutcome.Uncertain o => "Uncertain " + o.Code,
            _ => "Sent",
        });
    }

    [Theory]
    [InlineData(200, """{"health_status":{"can_send_message":"AVAILABLE"}}""", "Accepted")]
    [InlineData(200, """{"health_status":{"can_send_message":"LIMITED"}}""", "Accepted")]
    [InlineData(200, """{"health_status":{"can_send_message":"BLOCKED"}}""", "Refused health_blocked")]
    [InlineData(401, """{"meta":{"developer_message":"Invalid API key"}}""", "Refused http_401")]
    [InlineData(500, "", "Unclear http_500")]
    public async Task ProbeAsync_Health_SaysWhetherTheNumberMaySend(int status, string body, string expected)
    {
        _server.AnswerWith(status, body);
        Assert.Equal(expected, await _provider.ProbeAsync(Number(), CancellationToken.None) switch
        {
            ChannelProbe.Refused refused => "Refused " + refused.Code,
            ChannelProbe.Unclear unclear => "Unclear " + unclear.Code,
            _ => "Accepted",
        });
        Assert.Equal("/health_status", Assert.Single(_server.Requests).Path);
    }

    [Fact]
    public async Task MarkReadAsync_Message_ShowsReadAndTyping()
    {
        _server.AnswerWith(200, """{"success":true}""");
        await _provider.MarkReadAsync(Number(), "wamid.IN", CancellationToken.None);
        JsonNode sent = JsonNode.Parse(Assert.Single(_server.Requests).Body)!;
        Assert.Equal(("read", "wamid.IN"), ((string?)sent["status"], (string?)sent["message_id"]));
        Assert.NotNull(sent["typing_indicator"]);
    }

    private Task<SendOutcome> SendAsync() => _provider.SendAsync(
        Number(), new OutboundMessage(new MessageId(Id), Id, "5511999990000", "oi"), CancellationToken.None);

    private static Channel Number() =>
        new(new TenantId(Id), new ChannelId(Id), "360dialog", "1234567890", "the-key", [], "", true);
}
