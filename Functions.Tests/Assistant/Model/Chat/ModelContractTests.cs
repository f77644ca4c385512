using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Model.Chat;
using Xunit;

namespace Vellarys.Tests.Assistant.Model.Chat;

/// <summary>What every adapter promises, over real HTTP to a server that speaks its wire format.</summary>
public abstract class ModelContractTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly List<ChatModel> _models = [];
    private readonly Lines _log = new();

    private protected ModelServer Server { get; private set; } = null!;

    /// <summary>The one deployment that the server answers for.</summary>
    private protected abstract AssistantOptions Options(string key);

    /// <param name="token">What the host's identity signs with.</param>
    private protected abstract IModelAdapter Adapter(string token);

    /// <summary>Path and query of a call.</summary>
    private protected abstract string Target { get; }

    /// <summary>What the wire has of a key, as <c>Authorization</c> and <c>api-key</c>.</summary>
    private protected abstract (string Authorization, string ApiKey) Signed(string key);

    public async Task InitializeAsync() => Server = await ModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (ChatModel model in _models) model.Dispose();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task Complete_Request_HasAddressKeyAndBodyOfItsWireFormat()
    {
        await AskAsync();

        Assert.Equal(Target, Server.Targets.Single());
        Assert.Equal(Signed("k1"), (Server.Keys.Single(), Server.ApiKeys.Single()));
        using JsonDocument body = JsonDocument.Parse(Server.Bodies.Single());
        Assert.Equal(2_000, body.RootElement.GetProperty("max_completion_tokens").GetInt32());
        Assert.Equal("json_schema", body.RootElement.GetProperty("response_format").GetProperty("type").GetString());
        Assert.Equal("oi", body.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.False(body.RootElement.TryGetProperty("max_tokens", out _));
        Assert.False(body.RootElement.TryGetProperty("stream", out _));
    }

    [Fact]
    public async Task Complete_WithoutKey_IsSignedByTheIdentity()
    {
        await AskAsync(Model(key: ""));
        Assert.Equal(("Bearer of the identity", ""), (Server.Keys.Single(), Server.ApiKeys.Single()));
    }

    [Fact]
    public async Task Complete_Answer_IsTheReplyAndWhatItCost()
    {
        ModelReply reply = await AskAsync();
        Assert.Equal(("Tudo bem!", 120, 30), (reply.Reply, reply.InputTokens, reply.OutputTokens));
    }

    [Fact]
    public async Task Complete_ManyAtOnce_EachGetsItsOwn()
    {
        Server.Answer = (n, http) => ModelServer.SayAsync(http, ModelServer.Plain($"resposta {n}"));
        ChatModel model = Model();
        ModelReply[] replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => AskAsync(model)));
        Assert.Equal(64, replies.Select(reply => reply.Reply).Distinct().Count());
        Assert.Equal(64, Server.Calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Complete_Refused_IsPermanentAndAskedOnce(int status)
    {
        Server.Answer = (_, http) => ModelServer.FailAsync(http, status, "7");
        PermanentFault fault = await Assert.ThrowsAsync<PermanentFault>(() => AskAsync());
        Assert.Equal(($"model_{status}", 1), (fault.Code, Server.Calls));
        Assert.Equal(status is 401 or 403 or 404, ModelFaults.IsOutage(fault));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Complete_FailsForAWhile_IsTransientAndAskedOnce(int status)
    {
        Server.Answer = (_, http) => ModelServer.FailAsync(http, status, "7");
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.Equal(
            ($"model_{status}", TimeSpan.FromSeconds(7), 1), (fault.Code, fault.RetryAfter, Server.Calls));
    }

    [Theory]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("x-ms-retry-after-ms", "250", 0.25)]
    [InlineData("Retry-After", "86400", 86_400.0)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-3", null)]
    [InlineData("X-Other", "1", null)]
    public async Task Complete_429_SaysHowLong(string header, string value, double? seconds)
    {
        Server.Answer = (_, http) =>
        {
            http.Response.Headers[header] = value;
            return ModelServer.FailAsync(http, 429);
        };
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.Equal(("model_429", seconds), (fault.Code, fault.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public async Task Complete_429WithMillisecondsAndSeconds_TakesTheFinerOne()
    {
        Server.Answer = (_, http) =>
        {
            http.Response.Headers["retry-after-ms"] = "2500";
            return ModelServer.FailAsync(http, 429, "3");
        };
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.Equal(TimeSpan.FromSeconds(2.5), fault.RetryAfter);
    }

    [Fact]
    public async Task Complete_500UntilADate_WaitsUntilThen()
    {
        string at = (_time.GetUtcNow() + TimeSpan.FromSeconds(30)).ToString("R", CultureInfo.InvariantCulture);
        Server.Answer = (_, http) => ModelServer.FailAsync(http, 500, at);
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.InRange(fault.RetryAfter!.Value.TotalSeconds, 29, 30);
    }

    [Theory]
    [InlineData(404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}}""")]
    [InlineData(404, """{"error":{"code":"model_not_found","type":"invalid_request_error","message":"no"}}""")]
    [InlineData(400, """{"error":{"code":"OperationNotSupported","message":"The chatCompletion operation"}}""")]
    public async Task Complete_NoSuchDeployment_IsPermanentAndTheSettingsFault(int status, string body)
    {
        Fail(status, body);
        PermanentFault fault = await Assert.ThrowsAsync<PermanentFault>(() => AskAsync());
        Assert.Equal((ModelFaults.NoDeployment, true, 1), (fault.Code, ModelFaults.IsOutage(fault), Server.Calls));
    }

    [Theory]
    [InlineData("""
        {"error":{"message":"The response was filtered due to the prompt; temperature, max_completion_tokens: see",
        "type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{
        "code":"ResponsibleAIPolicyViolation","content_filter_result":{
        "hate":{"filtered":false,"severity":"safe"},"jailbreak":{"filtered":true,"detected":true},
        "violence":{"filtered":true,"severity":"high"},"custom_blocklists":{"filtered":false,"details":[]}}}}}
        """, "The provider's filter withheld the question: jailbreak, violence.")]
    [InlineData("""
        {"error":{"code":"content_filter","innererror":{"content_filter_results":{"self_harm":{"filtered":true}}}}}
        """, "The provider's filter withheld the question: self_harm.")]
    [InlineData("""{"error":{"code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""",
        "The provider's filter withheld the question.")]
    [InlineData("""{"error":{"type":"content_filter","innererror":{"content_filter_result":[1]}}}""",
        "The provider's filter withheld the question.")]
    [InlineData("""
        {"error":{"code":"content_policy_violation","innererror":{"content_filter_result":{
        "oi, meu número é 5511999990000":{"filtered":true}}}}}
        """, "The provider's filter withheld the question.")]
    public async Task Complete_QuestionFiltered_IsOfThisQuestionAloneAndSaysWhy(string body, string message)
    {
        Fail(400, body);
        PermanentFault fault = await Assert.ThrowsAsync<PermanentFault>(() => AskAsync());
        Assert.Equal((ModelFaults.Filtered, message), (fault.Code, fault.Message));
        Assert.Equal((false, 1), (ModelFaults.IsOutage(fault), Server.Calls));
        Assert.Equal([$"{Options("k1").Deployment}: {message}"], _log.Written);
    }

    [Theory]
    [InlineData("""{"finish_reason":"content_filter"}""", "")]
    [InlineData("""{"finish_reason":"content_filter","message":{"role":"assistant"}}""", "")]
    [InlineData("""{"finish_reason":"content_filter","message":{"content":"{\"reply\":\"Claro"}}""", "")]
    [InlineData("""
        {"finish_reason":"content_filter","message":{"content":""},"content_filter_results":{
        "sexual":{"filtered":true,"severity":"medium"},"protected_material_text":{"filtered":true,"detected":true}}}
        """, ": sexual, protected_material_text")]
    [InlineData("""
        {"finish_reason":"stop","message":{"content":"{\"reply\":\"Claro\"}"},"content_filter_results":{
        "violence":{"filtered":true,"severity":"high"}}}
        """, ": violence")]
    public async Task Complete_AnswerFiltered_IsNotShownAndSaysWhy(string choice, string why)
    {
        Server.Answer = (_, http) => ModelServer.SayAsync(http, $$"""{"choices":[{{choice}}]}""");
        PermanentFault fault = await Assert.ThrowsAsync<PermanentFault>(() => AskAsync());
        Assert.Equal(
            (ModelFaults.Filtered, $"The provider's filter withheld the answer{why}."), (fault.Code, fault.Message));
    }

    [Theory]
    [InlineData("""{"hate":{"filtered":false,"severity":"low"},"protected_material_code":{"detected":true}}""")]
    [InlineData("""{"error":{"code":"content_filter_error","message":"The contents are not filtered"}}""")]
    [InlineData("""{"custom_blocklists":[{"id":"x","filtered":false}],"profanity":null}""")]
    [InlineData("null")]
    public async Task Complete_FilterOnlyLooked_TheAnswerStands(string results)
    {
        string found = $"\"content_filter_results\":{results}";
        string answer = ModelServer.Plain("Olá!")
            .Replace("\"index\":0", "\"index\":0," + found, StringComparison.Ordinal);
        Server.Answer = (_, http) => ModelServer.SayAsync(
            http, answer[..^1] + ",\"prompt_filter_results\":[{\"prompt_index\":0," + found + "}]}");
        Assert.Equal("Olá!", (await AskAsync()).Reply);
    }

    [Theory]
    [InlineData("<html><body>Welcome to nginx</body></html>")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"{\\\"reply\\\":\\\"Ol")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"error\":{\"message\":\"with 200\"}}")]
    [InlineData("{\"choices\":[{\"finish_reason\":\"stop\"}]}")]
    public async Task Complete_NotAnAnswer_IsUnusableAndNoOutage(string body)
    {
        Server.Answer = (_, http) => ModelServer.SayAsync(http, body);
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.Equal((true, false), (ModelFaults.IsUnusable(fault), ModelFaults.IsOutage(fault)));
    }

    [Theory]
    [InlineData(502, "<html>Bad Gateway</html>", "model_502")]
    [InlineData(404, "<html>Not Found</html>", "model_404")]
    [InlineData(500, "", "model_500")]
    [InlineData(400, "{\"error\":\"a word\"}", "model_400")]
    [InlineData(400, "[[[[", "model_400")]
    [InlineData(401, "{\"error\":{\"code\":401,\"innererror\":[]}}", "model_401")]
    [InlineData(429, "{\"error\":{\"type\":\"insufficient_quota\"}}", "model_unpaid")]
    [InlineData(307, "", "model_307")]
    public async Task Complete_RefusedInOtherWords_KeepsTheStatus(int status, string body, string code)
    {
        Server.Answer = (_, http) =>
        {
            http.Response.Headers.Location = "/v1/elsewhere";
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(body);
        };
        Exception? fault = await Record.ExceptionAsync(() => AskAsync());
        Assert.Equal(code, fault is TransientFault transient ? transient.Code : ((PermanentFault)fault!).Code);
        Assert.Equal(1, Server.Calls);
    }

    [Fact]
    public async Task Complete_AnswerWithoutEnd_IsNotReadToIt()
    {
        Server.Answer = (_, http) => http.Response.WriteAsync(new string(' ', 2 * 1_024 * 1_024));
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.Equal("model_answer_too_large", fault.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_ConnectionBreaks_IsUnreachable(bool midway)
    {
        Server.Answer = async (_, http) =>
        {
            if (midway)
            {
                http.Response.ContentLength = 1_000;
                await http.Response.WriteAsync("{\"choices\":[");
                await http.Response.Body.FlushAsync();
            }

            http.Abort();
        };
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.Equal(("model_unreachable", true), (fault.Code, ModelFaults.IsOutage(fault)));
    }

    [Fact]
    public async Task Complete_NobodyListens_IsUnreachable()
    {
        await Server.DisposeAsync();
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync());
        Assert.Equal("model_unreachable", fault.Code);
    }

    [Fact]
    public async Task Complete_CallerGivesUp_IsCancelledAndNoFault()
    {
        using CancellationTokenSource gone = new();
        Server.Answer = (_, http) =>
        {
            gone.Cancel();
            return ModelServer.HangAsync(http);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Model().CompleteAsync(Turns.Request(), gone.Token));
    }

    [Theory]
    [InlineData("\"max_completion_tokens\":", "\"max_tokens\":2000,\"temperature\":", 2)]
    [InlineData("tokens\":2000", "\"temperature\":", 3)]
    [InlineData("\"temperature\":", "\"max_completion_tokens\":2000,", 2)]
    public async Task Complete_LimitByAnotherName_IsFoundOnceAndKept(string refused, string taken, int calls)
    {
        Server.Answer = (_, http) =>
        {
            string body = Server.Bodies.Last();
            if (!body.Contains(refused, StringComparison.Ordinal))
                return ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));
            string name = body.Split('"').First(w => refused.StartsWith("\"t", StringComparison.Ordinal)
                ? w == "temperature"
                : w is "max_tokens" or "max_completion_tokens");
            http.Response.StatusCode = 400;
            return ModelServer.SayAsync(
                http, "{\"error\":{\"code\":\"unsupported_parameter\",\"message\":\"Unsupported: '" + name + "'.\"}}");
        };
        ChatModel model = Model();
        await AskAsync(model);
        Assert.Equal(calls, Server.Calls);
        await AskAsync(model);
        Assert.Equal(calls + 1, Server.Calls);
        Assert.Contains(taken, Server.Bodies.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain(refused, Server.Bodies.Last(), StringComparison.Ordinal);
    }

    private protected Task<ModelReply> AskAsync(ChatModel? model = null) =>
        (model ?? Model()).CompleteAsync(Turns.Request(), default);

    private protected ChatModel Model(string key = "k1", AssistantOptions? options = null)
    {
        ChatModel model = new(
            Adapter("of the identity"), options ?? Options(key), _time, _log);
        _models.Add(model);
        return model;
    }

    private void Fail(int status, string body) => Server.Answer = (_, http) =>
    {
        http.Response.StatusCode = status;
        return ModelServer.SayAsync(http, body);
    };

    private sealed class Lines : ILogger<ChatModel>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }
}
