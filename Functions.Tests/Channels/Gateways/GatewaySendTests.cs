using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Evolution;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Channels.Uazapi;
using Vellarys.Channels.ZApi;
using Xunit;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>What each gateway is sent, and what its answers mean.</summary>
public sealed class GatewaySendTests : IAsyncLifetime, IDisposable
{
    private static readonly Guid Id = Ids.New(TimeProvider.System);
    private readonly GatewayOptions _options = new() { PrivateServers = ["127.0.0.1"] };
    private ProviderServer _server = null!;
    private GatewayConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync();
        _options.ZApiUrl = _server.Url;
        _connection = new GatewayConnection(_options, TimeProvider.System);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData("evolution", 201, """{"key":{"id":"3EB0X","fromMe":true},"status":"PENDING"}""", "Sent 3EB0X")]
    [InlineData("evolution", 201, "{}", "Uncertain no_id")]
    [InlineData("evolution", 400, """
        {"status":400,"response":{"message":[{"jid":"1@s.whatsapp.net","exists":false,"number":"1"}]}}
        """, "Refused not_on_whatsapp")]
    [InlineData("evolution", 400, """{"response":{"message":["Error: Connection Closed"]}}""",
        "Refused disconnected stops")]
    [InlineData("evolution", 400, """{"response":{"message":[["instance requires property \"text\""]]}}""",
        "Refused http_400")]
    [InlineData("evolution", 401, """{"status":401,"error":"Unauthorized"}""", "Refused http_401 stops")]
    [InlineData("evolution", 404, """{"response":{"message":["The \"x\" instance does not exist"]}}""",
        "Refused no_instance stops")]
    [InlineData("evolution", 503, """{"error":"service not activated","code":"LICENSE_REQUIRED"}""",
        "Refused LICENSE_REQUIRED stops")]
    [InlineData("evolution", 503, "<html>", "NotNow http_503")]
    [InlineData("evolution", 429, "{}", "NotNow http_429")]
    [InlineData("evolution", 403, "<html>", "NotNow http_403")]
    [InlineData("evolution", 500, """{"response":{"message":"Timed Out"}}""", "Uncertain timed_out")]
    [InlineData("evolution", 502, "<html>", "Uncertain http_502")]
    [InlineData("uazapi", 200, """{"id":"55:AC1","messageid":"AC1"}""", "Sent AC1")]
    [InlineData("uazapi", 200, """{"id":"55:AC2","response":{"status":"success"}}""", "Sent AC2")]
    [InlineData("uazapi", 401, """{"error":"Invalid token"}""", "Refused http_401 stops")]
    [InlineData("uazapi", 400, """{"error":"number 55 is not on WhatsApp"}""", "Refused not_on_whatsapp")]
    [InlineData("uazapi", 500, """{"error":"WhatsApp disconnected"}""", "Refused disconnected stops")]
    [InlineData("uazapi", 500, """
        {"error_source":"whatsapp_server","provider_code":463,"error_key":"WHATSAPP_REACHOUT_TIMELOCK"}
        """, "Refused WHATSAPP_REACHOUT_TIMELOCK")]
    [InlineData("uazapi", 500, """{"error":"failed"}""", "Uncertain http_500")]
    [InlineData("uazapi", 429, """{"error":"rate"}""", "NotNow http_429")]
    [InlineData("uazapi", 413, """{"error":"file"}""", "Refused http_413")]
    [InlineData("z-api", 200, """{"zaapId":"Z","messageId":"M","id":"M"}""", "Sent M")]
    [InlineData("z-api", 400, """{"error":"null not allowed"}""", "Refused http_400 stops")]
    [InlineData("z-api", 403, """{"error":"10.0.0.1 not allowed"}""", "Refused http_403 stops")]
    [InlineData("z-api", 400, """{"error":"You are not connected."}""", "Refused disconnected stops")]
    [InlineData("z-api", 400, """{"error":"Phone number does not exist"}""", "Refused not_on_whatsapp")]
    [InlineData("z-api", 415, "", "Refused http_415")]
    [InlineData("z-api", 503, "", "NotNow http_503")]
    public async Task Answer_OfTheGateway_IsAnOutcome(string kind, int status, string body, string expected)
    {
        _server.AnswerWith(status, body);
        SendOutcome outcome = await Provider(kind).SendAsync(Channel(kind), Text(), default);
        Assert.Equal(expected, outcome switch
        {
            SendOutcome.Sent sent => $"Sent {sent.ProviderMessageId}",
            SendOutcome.Refused r => $"Refused {r.Code}{(r.StopsChannel ? " stops" : "")}",
            SendOutcome.NotNow n => $"NotNow {n.Code}",
            SendOutcome.Uncertain u => $"Uncertain {u.Code}",
            _ => "",
        });
    }

    [Theory]
    [InlineData("evolution", 200, """{"instance":{"instanceName":"loja","state":"open"}}""", "Accepted")]
    [InlineData("evolution", 200, """{"instance":{"state":"close"}}""", "Refused disconnected")]
    [InlineData("evolution", 200, """{"instance":{"state":"connecting"}}""", "Unclear connecting")]
    [InlineData("evolution", 401, "{}", "Refused http_401")]
    [InlineData("uazapi", 200, """{"instance":{"status":"connected"},"status":{"connected":true,"loggedIn":true}}""",
        "Accepted")]
    [InlineData("uazapi", 200, """{"instance":{"status":"disconnected"},"status":{"connected":false}}""",
        "Refused disconnected")]
    [InlineData("z-api", 200, """{"connected":true,"error":"You are already connected."}""", "Accepted")]
    [InlineData("z-api", 200, """{"connected":false,"error":"You are not connected."}""", "Refused disconnected")]
    [InlineData("z-api", 400, """{"error":"null not allowed"}""", "Refused http_400")]
    [InlineData("z-api", 500, "", "Unclear http_500")]
    public async Task Probe_Answer_IsOnlyAboutTheAccount(string kind, int status, string body, string expected)
    {
        _server.AnswerWith(status, body);
        ChannelProbe probe = await Provider(kind).ProbeAsync(Channel(kind), default);
        Assert.Equal(expected, probe switch
        {
            ChannelProbe.Refused r => $"Refused {r.Code}",
            ChannelProbe.Unclear u => $"Unclear {u.Code}",
            _ => "Accepted",
        });
    }

    [Theory]
    [InlineData("evolution", "/message/sendText/loja", "apikey", "key-of-the-instance")]
    [InlineData("uazapi", "/send/text", "token", "key-of-the-instance")]
    [InlineData("z-api", "/instances/loja/token/key-of-the-instance/send-text", "Client-Token", "client-key")]
    public async Task Text_GoesWhereItShould_WithTheKey(string kind, string path, string header, string key)
    {
        _server.AnswerWith(200, "{}");
        await Provider(kind).SendAsync(Channel(kind), Text() with { Quotes = "Q1" }, default);
        (string At, string Body, Dictionary<string, string> Headers) sent = _server.Requests.Last();
        Assert.Equal((path, key), (sent.At, sent.Headers[header]));
        JsonElement body = JsonDocument.Parse(sent.Body).RootElement;
        Assert.Contains("Q1", sent.Body, StringComparison.Ordinal);
        Assert.Equal("5511999990000", body.GetProperty(kind == "z-api" ? "phone" : "number").GetString());
        Assert.Equal(
            kind == "uazapi" ? "oi { {nome}}" : "oi {{nome}}",
            body.GetProperty(kind == "z-api" ? "message" : "text").GetString());
    }

    [Theory]
    [InlineData("evolution", "media", "AQIDBAU=")]
    [InlineData("uazapi", "file", "AQIDBAU=")]
    [InlineData("z-api", "document", "data:application/pdf;base64,AQIDBAU=")]
    public async Task File_WithoutALink_GoesAlong(string kind, string field, string expected)
    {
        _server.AnswerWith(200, "{}");
        OutboundMessage message = Text() with
        {
            Content = new OutboundContent.Media("document", Id), File = OutboundExamples.File(null),
        };
        await Provider(kind).SendAsync(Channel(kind), message, default);
        JsonElement body = JsonDocument.Parse(_server.Requests.Last().Body).RootElement;
        Assert.Equal(expected, body.GetProperty(field).GetString());
        await Provider(kind).SendAsync(
            Channel(kind),
            message with { File = OutboundExamples.File(new Uri("https://files.example.com/x")) }, default);
        body = JsonDocument.Parse(_server.Requests.Last().Body).RootElement;
        Assert.Equal("https://files.example.com/x", body.GetProperty(field).GetString());
    }

    [Theory]
    [InlineData("evolution")]
    [InlineData("uazapi")]
    [InlineData("z-api")]
    public async Task File_ThatBreaksOff_WasNotSentAndMayBeSentAgain(string kind)
    {
        _server.AnswerWith(200, """{"connected":true}""");
        var file = new OutboundFile(
            "a.pdf", "application/pdf", 100, null, _ => Task.FromResult<Stream>(new MemoryStream([1, 2])));
        SendOutcome outcome = await Provider(kind).SendAsync(
            Channel(kind), Text() with { Content = new OutboundContent.Media("document", Id), File = file }, default);
        Assert.Equal(new SendOutcome.NotNow("file_unreadable"), outcome);
    }

    [Theory]
    [InlineData("evolution")]
    [InlineData("uazapi")]
    [InlineData("z-api")]
    public async Task Connection_CutAfterTheBodyLeft_IsUncertain(string kind)
    {
        (TcpListener listener, string url) = ProviderServer.StartHangUp(60);
        using TcpListener held = listener;
        _options.ZApiUrl = url;
        SendOutcome outcome = await Provider(kind).SendAsync(Channel(kind, new Uri(url)), Text(), default);
        Assert.IsType<SendOutcome.Uncertain>(outcome);
        Assert.False(((SendOutcome.Uncertain)outcome).Answered);
    }

    [Fact]
    public async Task Server_InOurOwnNetwork_IsNotCalled()
    {
        using var guarded = new GatewayConnection(new GatewayOptions(), TimeProvider.System);
        var provider = new UazapiProvider(guarded, NullLogger<UazapiProvider>.Instance);
        Assert.Equal(
            new SendOutcome.Refused("not_public", StopsChannel: true),
            await provider.SendAsync(Channel("uazapi"), Text(), default));
        var fetching = new ZApiProvider(guarded, _options, TimeProvider.System, NullLogger<ZApiProvider>.Instance);
        var file = new InboundMedia("image", _server.Url + "/x", null, null, null);
        Assert.Equal(
            new MediaDownload.Gone("not_public"), await fetching.DownloadAsync(Channel("z-api"), file, default));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task ZApi_WhileThePhoneIsAway_IsSentNothingToKeep()
    {
        _server.AnswerWith(200, """{"connected":false}""");
        IProvider provider = Provider("z-api");
        Assert.Equal(
            new SendOutcome.Refused("disconnected", StopsChannel: true),
            await provider.SendAsync(Channel("z-api"), Text(), default));
        Assert.All(_server.Requests, r => Assert.EndsWith("/status", r.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("evolution", "chat/markMessageAsRead", "5511987650001@s.whatsapp.net")]
    [InlineData("z-api", "read-message", "5511987650001")]
    [InlineData("uazapi", "message/markread", "3EB01")]
    public async Task ReadMark_NamesTheChatOfTheMessage(string kind, string path, string expected)
    {
        _server.AnswerWith(200, "{}");
        IProvider provider = Provider(kind);
        Channel channel = Channel(kind);
        string body = kind switch
        {
            "evolution" => """
                {"event":"messages.upsert","data":{"key":{"remoteJid":"5511987650001@s.whatsapp.net","id":"3EB01"},
                "message":{"conversation":"oi"}}}
                """,
            "uazapi" => """
                {"EventType":"messages","message":{"messageid":"3EB01","chatid":"5511987650001@s.whatsapp.net",
                "text":"oi"}}
                """,
            _ => """{"type":"ReceivedCallback","messageId":"3EB01","phone":"5511987650001","text":{"message":"oi"}}""",
        };
        provider.Read(channel, System.Text.Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch.AddYears(56));
        await provider.MarkReadAsync(channel, "3EB01", default);
        Assert.Contains(_server.Requests, r =>
            r.Path.Contains(path, StringComparison.Ordinal) && r.Body.Contains(expected, StringComparison.Ordinal));
    }

    private static OutboundMessage Text() => new(new MessageId(Id), Id, "5511999990000", "oi {{nome}}");

    private Channel Channel(string kind, Uri? server = null) => new(
        new TenantId(Id), new ChannelId(Id), kind, "loja",
        kind == "z-api" ? "key-of-the-instance:client-key" : "key-of-the-instance", ["the secret"], "", true)
    {
        Server = kind == "z-api" ? null : server ?? new Uri(_server.Url),
    };

    private IProvider Provider(string kind) => kind switch
    {
        "evolution" => new EvolutionProvider(
            _connection, TimeProvider.System, NullLogger<EvolutionProvider>.Instance),
        "uazapi" => new UazapiProvider(_connection, NullLogger<UazapiProvider>.Instance),
        _ => new ZApiProvider(_connection, _options, TimeProvider.System, NullLogger<ZApiProvider>.Instance),
    };
}
