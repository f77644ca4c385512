using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Vellarys.Channels;
using Vellarys.Intake.Unrouted;
using Vellarys.Messaging;
using Vellarys.Tests.Channels;
using Xunit;

namespace Vellarys.Tests.Intake;

public sealed class AcceptWebhookTests : IAsyncLifetime
{
    private const string Alias = "/api/whatsapp/webhooks/messages";
    private AcceptWebhookHost _host = null!;

    public async Task InitializeAsync() => _host = await AcceptWebhookHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/webhooks/meta-cloud")]
    [InlineData("/api/v1/webhooks/meta")]
    [InlineData(Alias)]
    public async Task Post_SignedMessage_IsQueuedOnce(string path)
    {
        using HttpResponseMessage answer = await _host.PostAsync(Payloads.Read("01-text.json"), path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);

        QueueMessage message = Assert.Single(_host.Queued);
        Assert.Equal((Queues.MessageProcessing, "wamid.xyzxyz", QueuePriority.Normal),
            (message.Queue, message.Subject, message.Priority));
        Assert.Equal(_host.Shared.Tenant, message.Tenant);
        Assert.Null(message.NotBefore);
        InboundEvent happened = Assert.Single(_host.Events);
        Assert.Equal((_host.Shared.Tenant.Value, _host.Shared.Id.Value), (happened.Tenant, happened.Channel));
        Assert.Equal((1, InboundKind.Message, "Body Text", "972987654321"),
            (happened.V, happened.Kind, happened.Text, happened.Address));
        Assert.Equal(2, happened.Identities.Count);
    }

    [Fact]
    public async Task Post_BatchOnTheAppPath_GoesToEachNumbersChannel()
    {
        using HttpResponseMessage answer = await _host.PostAsync(Payloads.Read("35-batch-2-entries-3-changes.json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            [
                (_host.Shared.Id.Value, "wamid.batch1"), (_host.Shared.Id.Value, "wamid.batch2"),
                (_host.Shared.Id.Value, "wamid.xyzxyz:read"), (_host.Second.Id.Value, "wamid.xyzxyz:read"),
            ],
            _host.Events.Select(e => (e.Channel, e.EventId)));
        Assert.Equal(_host.Second.Tenant, _host.Queued.Last().Tenant);
    }

    [Fact]
    public async Task Post_SameEventTwiceInOneBody_IsQueuedOnce()
    {
        const string message = """{"id":"wamid.1","from":"5511999990000","type":"text","text":{"body":"oi"}}""";
        string body = Payloads.WithMessage($"{message},{message}")
            .Replace("\"100\"", "\"1122334455667\"", StringComparison.Ordinal);
        using HttpResponseMessage answer = await _host.PostAsync(Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(_host.Queued);
    }

    [Fact]
    public async Task Post_NumberThatNobodyHas_IsKeptCountedAndLogged()
    {
        using var counted = new Counted("webhook.unrouted");
        byte[] body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Payloads.Read("35-batch-2-entries-3-changes.json"))
            .Replace("9988776655443", "5550001112223", StringComparison.Ordinal));
        using HttpResponseMessage answer = await _host.PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, _host.Queued.Count);
        Assert.Equal(1, counted.Total);
        UnroutedEvent kept = Assert.Single(_host.Unrouted);
        Assert.Equal(("meta-cloud", "5550001112223", "wamid.xyzxyz:read", "unknown_number", (TenantId?)null),
            (kept.Provider, kept.Address, kept.Event.EventId, kept.Reason, kept.OnlyFor));
        string line = Assert.Single(_host.Logged, l => l.Contains("belong to no channel", StringComparison.Ordinal));
        Assert.DoesNotContain("5550001112223", line, StringComparison.Ordinal);
        Assert.DoesNotContain("972", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AccountsOwnEvent_IsKeptWhole()
    {
        byte[] body = Encoding.UTF8.GetBytes(
            Payloads.WithValue("""{"event":"REJECTED","reason":"INVALID"}""", "message_template_status_update"));
        using HttpResponseMessage answer = await _host.PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        UnroutedEvent kept = Assert.Single(_host.Unrouted);
        Assert.Equal(("", "message_template_status_update", "no_number"), (kept.Address, kept.Event.Type, kept.Reason));
        Assert.Contains("INVALID", kept.Event.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UnroutedThatCannotBeKept_IsNotAcknowledged()
    {
        _host.IsQueueDown = true;
        using HttpResponseMessage answer = await _host.PostAsync(
            Encoding.UTF8.GetBytes(Payloads.WithValue("{}", "account_update")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    /// <summary>Whoever has a channel does not wait for the room of those who have none.</summary>
    [Theory]
    [InlineData(true, false, HttpStatusCode.ServiceUnavailable, 0)]
    [InlineData(true, true, HttpStatusCode.OK, 1)]
    [InlineData(false, false, HttpStatusCode.OK, 1)]
    public async Task Post_NoRoomForTheUnrouted_IsSentAgainOnlyWhereNothingElseWaitsForIt(
        bool mayBeRouted, bool hasMore, HttpStatusCode expected, int dropped)
    {
        _host.IsUnroutedFull = true;
        using var counted = new Counted("webhook.unrouted.dropped");
        string body = !mayBeRouted ? Payloads.WithValue("{}", "account_update")
            : Encoding.UTF8.GetString(Payloads.Read(hasMore ? "35-batch-2-entries-3-changes.json" : "01-text.json"))
                .Replace(hasMore ? "9988776655443" : "1122334455667", "5550001112223", StringComparison.Ordinal);
        using HttpResponseMessage answer = await _host.PostAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(30));
        Assert.Equal(dropped, counted.Total);
        Assert.Equal(hasMore ? 3 : 0, _host.Queued.Count);
    }

    [Fact]
    public async Task Post_WrongSignature_IsRefusedAndNothingIsStored()
    {
        byte[] body = Payloads.Read("01-text.json");
        string path = "/api/v1/webhooks/meta-cloud", header = "X-Hub-Signature-256";
        string guessed = AcceptWebhookHost.Sign(body, "guess");
        string ofAnother = AcceptWebhookHost.Sign([.. body, 32], AcceptWebhookHost.AppSecret);
        foreach (string? value in new[] { null, "", "sha256=", guessed, ofAnother })
        {
            using HttpResponseMessage answer = await _host.PostWithAsync(body, path, header, value);
            Assert.Equal("bad_signature", await ProblemAsync(answer, HttpStatusCode.Unauthorized));
        }

        using HttpResponseMessage empty = await _host.PostWithAsync([], path, header, null);
        Assert.Equal(HttpStatusCode.Unauthorized, empty.StatusCode);
        Assert.Empty(_host.Queued);
    }

    [Theory]
    [InlineData(AcceptWebhookHost.OwnSecret, true)]
    [InlineData("older", true)]
    [InlineData(AcceptWebhookHost.AppSecret, false)]
    public async Task Post_ChannelWithSecretsOfItsOwn_TakesThoseOnly(string secret, bool accepted)
    {
        using HttpResponseMessage answer = await _host.PostAsync(
            Payloads.Read("29-status-sent-pmp.json"), $"/api/v1/webhooks/{_host.Own.Id}", secret);
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(accepted ? 1 : 0, _host.Queued.Count);
    }

    [Fact]
    public async Task Post_OwnSecretForAnotherTenantsNumber_ReachesNobody()
    {
        using HttpResponseMessage answer = await _host.PostAsync(
            Payloads.Read("01-text.json"), $"/api/v1/webhooks/{_host.Own.Id}", AcceptWebhookHost.OwnSecret);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(_host.Queued);
        Assert.Equal(_host.Own.Tenant, Assert.Single(_host.Unrouted).OnlyFor);
    }

    /// <summary>Whoever has the installation's secret must not speak for a company with an app of its own.</summary>
    [Fact]
    public async Task Post_AppSecretForANumberWithAnAppOfItsOwn_ReachesNobody()
    {
        byte[] body = Payloads.Read("29-status-sent-pmp.json");
        using HttpResponseMessage onTheApp = await _host.PostAsync(body);
        using HttpResponseMessage onAnother = await _host.PostAsync(body, $"/api/v1/webhooks/{_host.Shared.Id}");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (onTheApp.StatusCode, onAnother.StatusCode));
        Assert.Empty(_host.Queued);
        Assert.Equal(["other_app", "other_app"], _host.Unrouted.Select(e => e.Reason));
    }

    [Fact]
    public async Task Post_AppSecretOnAChannelsPath_StillRoutesByNumber()
    {
        using HttpResponseMessage answer = await _host.PostAsync(
            Payloads.Read("35-batch-2-entries-3-changes.json"), $"/api/v1/webhooks/{_host.Shared.Id}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(_host.Second.Id.Value, _host.Events[^1].Channel);
    }

    [Fact]
    public async Task Post_Sandbox_IsAnEventOfThatChannel()
    {
        byte[] body = """{"id":"sandbox.1","from":"5511987654321","name":"Ana","text":"oi"}"""u8.ToArray();
        using HttpResponseMessage answer = await _host.PostWithAsync(
            body, $"/api/v1/webhooks/{_host.Sandbox.Id}", "X-Sandbox-Token", "page-token");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(_host.Sandbox.Id.Value, Assert.Single(_host.Events).Channel);
        using HttpResponseMessage wrong = await _host.PostWithAsync(
            body, $"/api/v1/webhooks/{_host.Sandbox.Id}", "X-Sandbox-Token", "guess");
        Assert.Equal("bad_signature", await ProblemAsync(wrong, HttpStatusCode.Unauthorized));
        using HttpResponseMessage general = await _host.PostWithAsync(
            body, "/api/v1/webhooks/sandbox", "X-Sandbox-Token", "page-token");
        Assert.Equal(HttpStatusCode.Unauthorized, general.StatusCode);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("018f3c1e-5a77-7000-8000-0123456789ab")]
    public async Task Post_PathOfNoChannel_IsNotFound(string channel)
    {
        using HttpResponseMessage answer = await _host.PostAsync(
            Payloads.Read("01-text.json"), "/api/v1/webhooks/" + channel);
        Assert.Equal("unknown_channel", await ProblemAsync(answer, HttpStatusCode.NotFound));
    }

    public static TheoryData<string, byte[], string> Broken => new()
    {
        { "empty", [], "$" },
        { "no JSON", "hello"u8.ToArray(), "$" },
        { "array", "[]"u8.ToArray(), "$" },
        { "truncated", Payloads.Read("01-text.json")[..400], "$" },
        { "invalid UTF-8", [.. "{\"object\":\""u8, 0xFF, 0xFE, .. "\"}"u8], "$" },
        { "depth bomb", Encoding.ASCII.GetBytes(new string('[', 200_000)), "$" },
        { "deep object", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))), "$" },
        { "wrong object", """{"object":{},"entry":[]}"""u8.ToArray(), "$.object" },
        { "wrong entry", """{"object":"whatsapp_business_account","entry":"x"}"""u8.ToArray(), "$.entry" },
        { "later duplicate", """{"object":"whatsapp_business_account","entry":[],"entry":5}"""u8.ToArray(), "$.entry" },
        { "huge number", """{"object":1e99999999999999999999,"entry":[]}"""u8.ToArray(), "$.object" },
        { "too many items", Encoding.ASCII.GetBytes(Payloads.WithMessage(Numbers(10_001))), Messages },
        { "too many values", Encoding.ASCII.GetBytes(Lists(60, 9_000)), "$" },
        { "too many properties", Encoding.ASCII.GetBytes(Payloads.WithMessage(Wide(1_001))), Messages + "[0]" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Post_BrokenBody_IsAProblemThatNamesTheField(string what, byte[] body, string field)
    {
        using HttpResponseMessage answer = await _host.PostAsync(body);
        Assert.Equal("malformed_webhook", await ProblemAsync(answer, HttpStatusCode.BadRequest, field));
        Assert.True(_host.Queued.IsEmpty, what);
        Assert.DoesNotContain(_host.Logged, l => l.Contains("Exception", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Post_ThreeMegabytes_IsTheLimit(int more, bool accepted)
    {
        foreach (bool chunked in new[] { false, true })
        {
            byte[] text = Payloads.Read("01-text.json");
            byte[] body = [.. text, .. Enumerable.Repeat((byte)' ', 3 * 1_024 * 1_024 + more - text.Length)];
            using var request = new HttpRequestMessage(HttpMethod.Post, Alias) { Content = new ByteArrayContent(body) };
            request.Headers.Add("X-Hub-Signature-256", AcceptWebhookHost.Sign(body, AcceptWebhookHost.AppSecret));
            request.Headers.TransferEncodingChunked = chunked;
            using HttpResponseMessage answer = await _host.Http.SendAsync(request);
            if (accepted) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            else Assert.Equal("body_too_large", await ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge));
        }

        Assert.Equal(accepted ? 2 : 0, _host.Queued.Count);
    }

    [Fact]
    public async Task Post_LengthHeaderBeyondTheLimit_IsRefusedUnread()
    {
        using TcpClient client = await SendRawAsync("Content-Length: 999999999999\r\n\r\n");
        using var reader = new StreamReader(client.GetStream());
        Assert.Contains("413", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"object\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"obj\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Post_BodyEndsTooSoonOrIsBadlyFramed_StoresNothing(string rest)
    {
        string answer = await CutOffAsync(rest);
        if (answer.Length > 0) Assert.Contains("400", answer.Split('\r')[0], StringComparison.Ordinal);
        Assert.Empty(_host.Queued);
        using HttpResponseMessage next = await _host.PostAsync(Payloads.Read("01-text.json"));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml; charset=utf-16")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Post_AnotherContentType_IsTakenByItsSignature(string? type)
    {
        using HttpResponseMessage answer = await _host.PostAsync(Payloads.Read("01-text.json"), type: type);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(_host.Queued);
    }

    [Fact]
    public async Task Post_QueueDown_IsToBeSentAgain()
    {
        _host.IsQueueDown = true;
        byte[] body = Payloads.Read("35-batch-2-entries-3-changes.json");
        using HttpResponseMessage answer = await _host.PostAsync(body);
        Assert.Equal("unavailable", await ProblemAsync(answer, HttpStatusCode.ServiceUnavailable));
        Assert.Equal(TimeSpan.FromSeconds(8), answer.Headers.RetryAfter?.Delta);
        Assert.Empty(_host.Queued);

        _host.IsQueueDown = false;
        using HttpResponseMessage again = await _host.PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(4, _host.Queued.Count);
    }

    [Fact]
    public async Task Post_UnseenNumberWhileTheDatabaseIsAway_IsNotAcknowledged()
    {
        _host.IsDirectoryDown = true;
        byte[] body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Payloads.Read("35-batch-2-entries-3-changes.json"))
            .Replace("9988776655443", "5550001112223", StringComparison.Ordinal));
        using HttpResponseMessage answer = await _host.PostAsync(body);
        Assert.Equal("unavailable", await ProblemAsync(answer, HttpStatusCode.ServiceUnavailable));
        Assert.Empty(_host.Queued);
        using HttpResponseMessage known = await _host.PostAsync(Payloads.Read("01-text.json"));
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Theory]
    [InlineData("meta", "app-verify", true)]
    [InlineData("meta-cloud", "app-verify", true)]
    [InlineData("meta-cloud", "own-verify", false)]
    [InlineData("meta-cloud", "", false)]
    [InlineData("own", "own-verify", true)]
    [InlineData("own", "app-verify", false)]
    [InlineData("shared", "app-verify", true)]
    [InlineData("sandbox", "app-verify", false)]
    [InlineData("nobody", "app-verify", false)]
    public async Task Get_Handshake_GivesTheChallengeBackForTheToken(string target, string token, bool accepted)
    {
        string path = target switch
        {
            "own" => _host.Own.Id.ToString(),
            "shared" => _host.Shared.Id.ToString(),
            "sandbox" => _host.Sandbox.Id.ToString(),
            _ => target,
        };
        using HttpResponseMessage answer = await _host.Http.GetAsync(
            $"/api/v1/webhooks/{path}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}");
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
        if (!accepted) return;
        Assert.Equal("1158201444", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?hub.mode=subscribe&hub.verify_token=app-verify")]
    [InlineData("?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=app-verify")]
    [InlineData("?hub.mode=subscribe&hub.challenge=1&hub.verify_token=app-verify&hub.verify_token=app-verify")]
    [InlineData("?hub_mode=subscribe&hub_challenge=1&hub_verify_token=app-verify")]
    public async Task Get_WithoutAWholeHandshake_IsForbidden(string query)
    {
        using HttpResponseMessage answer = await _host.Http.GetAsync(Alias + query);
        Assert.Equal("handshake_refused", await ProblemAsync(answer, HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task Post_WhileTraced_ShowsTheStages()
    {
        List<Activity> ended = [];
        using var test = new Activity("this test").SetIdFormat(ActivityIdFormat.W3C);
        test.Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Vellarys.Conversations",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended) ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using HttpResponseMessage answer = await _host.PostAsync(Payloads.Read("01-text.json"));
        lock (ended)
        {
            Assert.Equal(
                ["webhook rate limit", "webhook security", "webhook handler", "webhook response"],
                ended.Where(a => a.TraceId == test.TraceId).Select(a => a.OperationName));
        }
    }

    private async Task<TcpClient> SendRawAsync(string rest)
    {
        var client = new TcpClient();
        await client.ConnectAsync(_host.Url.Host, _host.Url.Port);
        string signature = "X-Hub-Signature-256: sha256=" + new string('0', 64);
        string head = $"POST {Alias} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{signature}\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + rest));
        return client;
    }

    /// <summary>Sends this and no more; what comes back, if anything.</summary>
    private async Task<string> CutOffAsync(string rest)
    {
        using TcpClient client = await SendRawAsync(rest);
        using var reader = new StreamReader(client.GetStream());
        client.Client.Shutdown(SocketShutdown.Send);
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            // Cut off without an answer, which a body without an end may well be.
            return "";
        }
    }

    private const string Messages = "$.entry[0].changes[0].value.messages";

    private static string Lists(int count, int length) =>
        $"[{string.Join(',', Enumerable.Repeat($"[{string.Join(',', Enumerable.Repeat(1, length))}]", count))}]";

    private static string Wide(int count) =>
        $$"""{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"p{i}\":0"))}}}""";

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));

    private static async Task<string?> ProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string? field = null)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        if (field is not null)
            Assert.Equal(field, problem.RootElement.GetProperty("errors")[0].GetProperty("field").GetString());
        return problem.RootElement.GetProperty("code").GetString();
    }

    /// <summary>What one counter counted meanwhile.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _total;

        public Counted(string instrument)
        {
            _listener.InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument) listener.EnableMeasurementEvents(published);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _total, value));
            _listener.Start();
        }

        public long Total => Interlocked.Read(ref _total);

        public void Dispose() => _listener.Dispose();
    }
}
