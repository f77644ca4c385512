using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class MetaSendTests : IAsyncLifetime
{
    private static readonly Guid Claim = Guid.Parse("018f3c1e-5a77-7000-8000-0123456789ab");
    private ProviderServer _server = null!;

    public async Task InitializeAsync() => _server = await ProviderServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("5511999990000", "to")]
    [InlineData("BR.13491208655302741918", "recipient")]
    public async Task SendAsync_Text_IsPostedAsDocumented(string to, string field)
    {
        _server.AnswerWith(200, """{"contacts":[{"wa_id":"1"}],"messages":[{"id":"wamid.OUT"}]}""");
        const string text = "Olá \"Ana\" 😀\n</b>";
        Assert.Equal(new SendOutcome.Sent("wamid.OUT"), await SendAsync(to: to, text: text));

        (string path, string body, Dictionary<string, string> headers) = Assert.Single(_server.Requests);
        Assert.Equal("/v9/106540352242922/messages", path);
        Assert.Equal("Bearer the-token", headers["Authorization"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        var expected = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["recipient_type"] = "individual",
            [field] = to,
            ["type"] = "text",
            ["text"] = new JsonObject { ["body"] = text, ["preview_url"] = false },
            ["biz_opaque_callback_data"] = Claim.ToString(),
        };
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(body)), body);
    }

    [Fact]
    public async Task SendAsync_Template_IsPostedAsDocumented()
    {
        _server.AnswerWith(200, """{"messages":[{"id":"wamid.OUT","message_status":"accepted"}]}""");
        OutboundMessage message = Message() with
        {
            Template = new TemplateMessage("voltamos_a_falar", "pt_BR", ["Ana\nLima", "seu   pedido"]),
        };
        using MetaCloudProvider channel = Channel(_server.Url, 10_000);
        Assert.Equal(
            new SendOutcome.Sent("wamid.OUT"), await channel.SendAsync(Account(), message, CancellationToken.None));
        await channel.SendAsync(
            Account(), message with { Template = new TemplateMessage("ola", "pt_BR", []) }, CancellationToken.None);

        string expected =
            """
            {"messaging_product":"whatsapp","recipient_type":"individual","to":"5511999990000","type":"template",
             "template":{"name":"voltamos_a_falar","language":{"code":"pt_BR"},
               "components":[{"type":"body","parameters":[{"type":"text","text":"Ana Lima"},
                                                          {"type":"text","text":"seu   pedido"}]}]},
             "biz_opaque_callback_data":"018f3c1e-5a77-7000-8000-0123456789ab"}
            """;
        string[] sent = [.. _server.Requests.Select(r => r.Body)];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(sent[0])), sent[0]);
        Assert.Equal(
            """{"name":"ola","language":{"code":"pt_BR"}}""", JsonNode.Parse(sent[1])!["template"]!.ToJsonString());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("Ana", "Ana")]
    [InlineData(" Ana  Lima ", "Ana  Lima")]
    [InlineData("a    b", "a    b")]
    [InlineData("a     b", "a b")]
    [InlineData("a\r\n\tb", "a b")]
    [InlineData("a \n b\u0001", "a b ")]
    [InlineData("a\u2028b", "a b")]
    public void OneLine_Parameter_HoldsNothingThatMetaRefuses(string text, string expected) =>
        Assert.Equal(expected, MetaParameter.OneLine(text));

    [Fact]
    public async Task SendAsync_InsideATrace_TellsTheProviderNothingOfIt()
    {
        _server.AnswerWith(200, """{"messages":[{"id":"wamid.OUT"}]}""");
        using Activity trace = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("a", "b").Start();
        await SendAsync();
        IEnumerable<string> sent = Assert.Single(_server.Requests).Headers.Keys.Select(k => k.ToLowerInvariant());
        Assert.Equal(["authorization", "content-length", "content-type", "host"], sent.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SendAsync_LoneSurrogateInText_IsStillSent()
    {
        _server.AnswerWith(200, """{"messages":[{"id":"wamid.OUT"}]}""");
        Assert.IsType<SendOutcome.Sent>(await SendAsync(text: "a\ud83d"));
        Assert.Equal("a\uFFFD", Text(Assert.Single(_server.Requests).Body));
    }

    // R refused, S refused and the channel stops, N not now, U uncertain after an answer.
    [Theory]
    [InlineData("S", "0 190 3 10 200 250 299 131005 368 131031 131042 133010")]
    [InlineData("N", "4 80007 130429 131056 131057 132069 134101")]
    [InlineData("U", "1 2 131000 131016")]
    [InlineData("R", "33 100 130403 130472 130497 131008 131009 131021 131026 131030 131047 131048 131049 131050")]
    [InlineData("R", "131051 131052 131053 131062 132000 132001 132005 132007 132012 132015 132016 132018")]
    [InlineData("R", "132068 133016")]
    public async Task SendAsync_ErrorCode_DecidesWhateverTheStatus(string expected, string codes)
    {
        foreach (string code in codes.Split(' '))
        {
            foreach (int status in new[] { 400, 403, 429, 500 })
            {
                // Meta writes numbers, some re-sellers strings.
                string written = status == 403 ? $"\"{code}\"" : code;
                _server.AnswerWith(status, $$$"""{"error":{"message":"(#{{{code}}})","code":{{{written}}}}}""");
                Assert.Equal((expected, code), Letter(await SendAsync()));
            }
        }
    }

    [Theory]
    [InlineData(400, """{"error":{"code":987654}}""", "R", "987654")]
    [InlineData(500, """{"error":{"code":987654}}""", "U", "987654")]
    [InlineData(400, """{"error":{"code":[]}}""", "R", "http_400")]
    [InlineData(404, "<html>", "Doubt", "http_404")]
    [InlineData(302, "", "Doubt", "http_302")]
    [InlineData(401, "", "Doubt", "http_401")]
    [InlineData(401, """{"error":"unauthorized"}""", "Doubt", "http_401")]
    [InlineData(403, "<html>", "Doubt", "http_403")]
    [InlineData(407, "<html>", "Doubt", "http_407")]
    [InlineData(413, "<html>", "R", "http_413")]
    [InlineData(408, "", "U", "http_408")]
    [InlineData(429, "", "N", "http_429")]
    [InlineData(500, "", "U", "http_500")]
    [InlineData(502, "<html>", "U", "http_502")]
    [InlineData(503, """{"error":"down"}""", "U", "http_503")]
    [InlineData(504, "[", "U", "http_504")]
    [InlineData(200, """{"messages":[]}""", "Silent", "no_id")]
    [InlineData(200, "", "Silent", "no_id")]
    [InlineData(200, """{"messages":[{"id":7}]}""", "Silent", "no_id")]
    public async Task SendAsync_AnswerWithoutAKnownCode_IsJudgedByItsStatus(
        int status, string body, string expected, string code)
    {
        _server.AnswerWith(status, body);
        Assert.Equal((expected, code), Letter(await SendAsync()));
    }

    [Theory]
    [InlineData("130429", "30", 30.0)]
    [InlineData("130429", null, null)]
    [InlineData("130429", "soon", null)]
    [InlineData("130429", "99999999", 3_600.0)]
    [InlineData("131056", null, 6.0)]
    [InlineData("131056", "2", 6.0)]
    [InlineData("131056", "20", 20.0)]
    [InlineData("131057", null, 60.0)]
    public async Task SendAsync_NotNow_WaitsAsLongAsAsked(string code, string? header, double? seconds)
    {
        _server.AnswerWith(429, $$$"""{"error":{"code":{{{code}}}}}""", header);
        var notNow = Assert.IsType<SendOutcome.NotNow>(await SendAsync());
        Assert.Equal(seconds, notNow.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task SendAsync_RetryAfterAsADate_IsCountedFromNow()
    {
        DateTimeOffset then = TimeProvider.System.GetUtcNow().AddMinutes(10);
        _server.AnswerWith(429, """{"error":{"code":4}}""", then.ToString("R", null));
        var notNow = Assert.IsType<SendOutcome.NotNow>(await SendAsync());
        Assert.InRange(notNow.RetryAfter!.Value.TotalMinutes, 5, 10.1);
    }

    [Fact]
    public async Task SendAsync_NoAnswerInTime_MayHaveBeenSent()
    {
        _server.Answer = context => WaitForEver(context.RequestAborted);
        Assert.Equal(("Silent", "timeout"), Letter(await SendAsync(timeoutMs: 300)));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task SendAsync_ConnectionLostAfterTheBodyWasRead_MayHaveBeenSent()
    {
        _server.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal(("Silent", "no_connection"), Letter(await SendAsync()));
        // Never a second time by itself.
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task SendAsync_ConnectionThatWasUsedBeforeIsLost_IsNotSentAgain()
    {
        _server.AnswerWith(200, """{"messages":[{"id":"wamid.OUT"}]}""");
        using MetaCloudProvider channel = Channel(_server.Url, 5_000, maxConnections: 1);
        Assert.IsType<SendOutcome.Sent>(await channel.SendAsync(Account(), Message(), CancellationToken.None));
        _server.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        SendOutcome second = await channel.SendAsync(Account(), Message(), CancellationToken.None);
        Assert.Equal(("Silent", "no_connection"), Letter(second));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task SendAsync_ConnectionLostBeforeTheBodyWasRead_IsNotTakenForUnsent()
    {
        (TcpListener listener, string url) = ProviderServer.StartHangUp(bytes: 20);
        using TcpListener _ = listener;
        Assert.Equal(("Silent", "no_connection"), Letter(await SendAsync(url: url)));
    }

    [Fact]
    public async Task SendAsync_ConnectionLostAtOnce_IsUnsentOnlyIfNothingLeft()
    {
        (TcpListener listener, string url) = ProviderServer.StartHangUp(bytes: 0);
        using TcpListener _ = listener;
        // Whether the client notices before it writes is a race; both are true to what happened.
        (string letter, string code) = Letter(await SendAsync(url: url));
        Assert.Contains(letter, new[] { "N", "Silent" });
        Assert.Equal("no_connection", code);
    }

    [Fact]
    public async Task SendAsync_AnswerBreaksOff_MayHaveBeenSent()
    {
        _server.Answer = async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("""{"messages":[""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        Assert.Equal(("Silent", "no_connection"), Letter(await SendAsync()));
    }

    [Fact]
    public async Task SendAsync_NoServer_IsSurelyUnsent()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        string url = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        Assert.Equal(("N", "no_connection"), Letter(await SendAsync(url: url)));
    }

    [Fact]
    public async Task SendAsync_NoSuchHost_IsSurelyUnsent() =>
        Assert.Equal("N", Letter(await SendAsync(url: "http://graph.invalid")).Letter);

    [Fact]
    public async Task SendAsync_TlsFails_IsSurelyUnsent() => Assert.Equal(
        ("N", "no_connection"),
        Letter(await SendAsync(url: _server.Url.Replace("http:", "https:", StringComparison.Ordinal))));

    [Fact]
    public async Task SendAsync_EveryConnectionBusy_IsSurelyUnsent()
    {
        var busy = new TaskCompletionSource();
        _server.Answer = context =>
        {
            busy.TrySetResult();
            return WaitForEver(context.RequestAborted);
        };
        using MetaCloudProvider channel = Channel(_server.Url, 1_000, maxConnections: 1);
        Task<SendOutcome> first = channel.SendAsync(Account(), Message(), CancellationToken.None);
        await busy.Task;
        SendOutcome second = await channel.SendAsync(Account(), Message(), CancellationToken.None);
        Assert.Equal("Silent", Letter(await first).Letter);
        // It either never got the connection or, had the first just given it back, was silent too: never a promise.
        Assert.Contains(Letter(second), new[] { ("N", "timeout"), ("Silent", "timeout") });
    }

    [Fact]
    public async Task SendAsync_HostStopsAfterTheRequestLeft_StillHearsTheOutcome()
    {
        using var stop = new CancellationTokenSource();
        _server.Answer = async context =>
        {
            await stop.CancelAsync();
            await context.Response.WriteAsync("""{"messages":[{"id":"wamid.LATE"}]}""");
        };
        Assert.Equal(new SendOutcome.Sent("wamid.LATE"), await SendAsync(cancellationToken: stop.Token));
    }

    [Theory]
    [InlineData("", "no_token")]
    [InlineData("two\nlines", "bad_token")]
    [InlineData("não", "bad_token")]
    public async Task SendAsync_TokenThatCannotBe_StopsTheChannelWithoutAsking(string token, string code)
    {
        Assert.Equal(("S", code), Letter(await SendAsync(token: token)));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task SendAsync_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        _server.Answer = context =>
        {
            string sent = _server.Requests.Count.ToString(null as IFormatProvider);
            return context.Response.WriteAsync($$"""{"messages":[{"id":"wamid.{{sent}}"}]}""");
        };
        using MetaCloudProvider provider = Channel(_server.Url, 10_000, maxConnections: 8);
        Channel channel = Account();
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"n{i}:" + new string('x', i * 7))];
        await Task.WhenAll(texts.Select(async text => Assert.IsType<SendOutcome.Sent>(
            await provider.SendAsync(channel, Message(text: text), CancellationToken.None))));
        Assert.Equal(
            texts.Order(StringComparer.Ordinal),
            _server.Requests.Select(r => Text(r.Body)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(200, """{"id":"106540352242922"}""", "Accepted", "")]
    [InlineData(401, """{"error":{"code":190}}""", "Refused", "190")]
    [InlineData(400, """{"error":{"code":"190"}}""", "Refused", "190")]
    [InlineData(403, """{"error":{"code":10}}""", "Refused", "10")]
    [InlineData(401, "<html>", "Unclear", "http_401")]
    [InlineData(404, "{}", "Unclear", "http_404")]
    [InlineData(400, """{"error":{"code":100}}""", "Unclear", "100")]
    [InlineData(429, """{"error":{"code":4}}""", "Unclear", "4")]
    [InlineData(500, """{"error":{"code":1}}""", "Unclear", "1")]
    public async Task ProbeAsync_Answer_RefusesByCodeOnly(int status, string body, string expected, string code)
    {
        _server.AnswerWith(status, body);
        using MetaCloudProvider channel = Channel(_server.Url, 5_000);
        Assert.Equal((expected, code), Name(await channel.ProbeAsync(Account(), CancellationToken.None)));
        (string path, string sent, Dictionary<string, string> headers) = Assert.Single(_server.Requests);
        Assert.Equal(("/v9/106540352242922", "", "Bearer the-token"), (path, sent, headers["Authorization"]));
    }

    [Fact]
    public async Task ProbeAsync_NoAnswer_IsUnclear()
    {
        using MetaCloudProvider nowhere = Channel("http://graph.invalid", 5_000);
        Assert.Equal(
            ("Unclear", "no_connection"), Name(await nowhere.ProbeAsync(Account(), CancellationToken.None)));
        _server.Answer = context => WaitForEver(context.RequestAborted);
        using MetaCloudProvider silent = Channel(_server.Url, 300);
        Assert.Equal(("Unclear", "timeout"), Name(await silent.ProbeAsync(Account(), CancellationToken.None)));
    }

    [Fact]
    public async Task MarkReadAsync_Message_ShowsReadAndTyping()
    {
        _server.AnswerWith(200, """{"success":true}""");
        using MetaCloudProvider channel = Channel(_server.Url, 5_000);
        await channel.MarkReadAsync(Account(), "wamid.IN", CancellationToken.None);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                """
                {"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN",
                 "typing_indicator":{"type":"text"}}
                """),
            JsonNode.Parse(Assert.Single(_server.Requests).Body)));
    }

    [Fact]
    public async Task MarkReadAsync_Failure_IsSwallowed()
    {
        _server.AnswerWith(500, "<html>");
        using MetaCloudProvider channel = Channel(_server.Url, 5_000);
        await channel.MarkReadAsync(Account(), "wamid.IN", CancellationToken.None);
        using MetaCloudProvider nowhere = Channel("http://graph.invalid", 5_000);
        await nowhere.MarkReadAsync(Account(), "wamid.IN", CancellationToken.None);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await channel.MarkReadAsync(Account(), "wamid.IN", stopped.Token);
    }

    private static string Text(string body) => JsonNode.Parse(body)!["text"]!["body"]!.GetValue<string>();

    private static async Task WaitForEver(CancellationToken until)
    {
        var never = new TaskCompletionSource();
        await using CancellationTokenRegistration _ = until.Register(never.SetResult);
        await never.Task;
    }

    private async Task<SendOutcome> SendAsync(
        string to = "5511999990000", string text = "oi", string token = "the-token", string? url = null,
        int timeoutMs = 10_000, CancellationToken cancellationToken = default)
    {
        using MetaCloudProvider channel = Channel(url ?? _server.Url, timeoutMs);
        return await channel.SendAsync(Account(token), Message(to, text), cancellationToken);
    }

    private static MetaCloudProvider Channel(string url, int timeoutMs, int maxConnections = 4) => new(
        new MetaCloudOptions
        {
            BaseUrl = url + "/v9",
            SendTimeout = TimeSpan.FromMilliseconds(timeoutMs),
            MaxConnections = maxConnections,
        },
        TimeProvider.System, NullLogger<MetaCloudProvider>.Instance);

    private static Channel Account(string token = "the-token") => new(
        new TenantId(Claim), new ChannelId(Claim), "meta-cloud", "106540352242922", token, [], "", true);

    private static OutboundMessage Message(string to = "5511999990000", string text = "oi") =>
        new(new MessageId(Claim), Claim, to, text);

    private static (string, string) Name(ChannelProbe probe) => probe switch
    {
        ChannelProbe.Refused refused => ("Refused", refused.Code),
        ChannelProbe.Unclear unclear => ("Unclear", unclear.Code),
        _ => ("Accepted", ""),
    };

    private static (string Letter, string Code) Letter(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Refused { StopsChannel: true } o => ("S", o.Code),
        SendOutcome.Refused o => ("R", o.Code),
        SendOutcome.NotNow { DoubtsAccount: true } o => ("Doubt", o.Code),
        SendOutcome.NotNow o => ("N", o.Code),
        SendOutcome.Uncertain { Answered: true } o => ("U", o.Code),
        SendOutcome.Uncertain o => ("Silent", o.Code),
        _ => ("Sent", ""),
    };
}
