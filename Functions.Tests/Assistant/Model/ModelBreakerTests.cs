using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>What one request causes is no outage, and costs three calls at most.</summary>
public sealed class ModelBreakerTests
{
    private static readonly string[] OfTheRequest =
    [
        """{"choices":[{"finish_reason":"length","message":{"content":"meia"}}]}""",
        """{"choices":[{"finish_reason":"content_filter","message":{"content":""}}]}""",
        """{"choices":[{"message":{"content":"{\"reply\":"}}]}""",
        """{"choices":[{"message":{"content":null,"refusal":"no"}}]}""",
        """{"choices":[]}""",
    ];

    [Fact]
    public async Task Turn_UnusableAnswers_AreAnsweredOfflineAndOpenNothing()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        ResilientModel model = Turns.Model(Turns.Options(server), TimeProvider.System);
        GuardedAssistant assistant = Turns.Assistant(model, Turns.Options(server));
        foreach (string body in OfTheRequest)
        {
            server.Answer = (_, http) => ModelServer.SayAsync(http, body);
            for (int n = 0; n < 10; n++)
            {
                int before = server.Calls;
                TurnAnswer answer = await assistant.AnswerAsync(Turns.Saying("oi, tudo bem?"), default);
                Assert.InRange(server.Calls - before, 1, 3);
                Assert.NotEmpty(answer.Reply);
            }
        }

        Assert.Equal(CircuitState.Closed, model.Current.Circuit);
    }

    [Fact]
    public async Task Turn_HangingForEver_IsThreeCallsAndOpensNothing()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.HangAsync(http);
        AssistantOptions options = Turns.Options(server);
        (options.AttemptTimeout, options.RetryDelay) = (TimeSpan.FromMilliseconds(20), TimeSpan.Zero);
        ResilientModel model = Turns.Model(options, TimeProvider.System);
        GuardedAssistant assistant = Turns.Assistant(model, options);
        TurnContext turn = Turns.Saying("oi");
        for (int n = 1; n <= 5; n++)
        {
            TurnAnswer answer = await assistant.AnswerAsync(turn, default);
            Assert.Equal((AnswerSource.Offline, 3), (answer.Source, answer.Usage.Calls));
        }

        Assert.Equal(CircuitState.Closed, model.Current.Circuit);
    }

    [Fact]
    public async Task Circuit_OneConversationFailsForEver_OthersAreStillAnswered()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, 500);
        ResilientModel model = Impatient(server);
        ModelRequest stuck = Of(new ConversationId(Ids.New(TimeProvider.System)));
        for (int n = 0; n < 50; n++) Assert.IsType<ModelOutcome.Failed>(await model.AskAsync(stuck, default));

        Assert.Equal(CircuitState.Closed, model.Current.Circuit);
        server.Answer = (_, http) => ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));
        Assert.IsType<ModelOutcome.Answered>(
            await model.AskAsync(Of(new ConversationId(Ids.New(TimeProvider.System))), default));
    }

    [Fact]
    public async Task Circuit_EverybodyFails_Opens()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, 401);
        ResilientModel model = Impatient(server);
        ModelRequest[] customers =
            [.. Enumerable.Range(0, 3).Select(_ => Of(new ConversationId(Ids.New(TimeProvider.System))))];
        for (int n = 0; n < 5; n++) await model.AskAsync(customers[n % 3], default);

        Assert.Equal(CircuitState.Open, model.Current.Circuit);
        Assert.Equal(5, server.Calls);
    }

    [Theory]
    [InlineData("temperature", "\"temperature\":", 2)]
    [InlineData("max_completion_tokens", "\"max_completion_tokens\":", 2)]
    public async Task Ask_SettingThatTheModelDoesNotTake_IsLeftOutFromThenOn(string name, string json, int calls)
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = async (_, http) =>
        {
            if (server.Bodies.Last().Contains(json, StringComparison.Ordinal))
            {
                http.Response.StatusCode = 400;
                await ModelServer.SayAsync(http, "{\"error\":{\"message\":\"Unsupported: '" + name + "'\"}}");
                return;
            }

            await ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));
        };
        ResilientModel model = Impatient(server);
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));
        Assert.Equal(calls, server.Calls);
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));
        Assert.Equal(calls + 1, server.Calls);
        Assert.Contains("\"max_completion_tokens\":2000,\"temperature\":0.3", server.Bodies.First(),
            StringComparison.Ordinal);
    }

    private static ModelRequest Of(ConversationId who) => Turns.Request() with { Conversation = who };

    private static ResilientModel Impatient(ModelServer server)
    {
        AssistantOptions options = Turns.Options(server);
        options.Retries = 0;
        return Turns.Model(options, TimeProvider.System);
    }
}
