using Microsoft.AspNetCore.Http;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

public sealed class ResilientModelTests
{
    [Fact]
    public async Task Ask_FailsTwiceThenAnswers_IsOneAnswerOfThreeCalls()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (n, http) => n < 3
            ? ModelServer.FailAsync(http, 500)
            : ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));
        ManualTime time = new();
        Task<ModelOutcome> asked = Turns.Model(Turns.Options(server), time).AskAsync(Turns.Request(), default);
        await time.RunAsync(asked);

        var answered = Assert.IsType<ModelOutcome.Answered>(await asked);
        Assert.Equal(("Olá!", 3, 3), (answered.Reply.Reply, answered.Calls, server.Calls));
        Assert.Equal((120, 30), (answered.Reply.InputTokens, answered.Reply.OutputTokens));
        Assert.Equal("Bearer test-key", server.Keys.First());
    }

    [Theory]
    [InlineData(408)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Ask_FailsForAWhile_IsTriedThreeTimesAndMayBeTriedAgain(int status)
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, status);
        ManualTime time = new();
        Task<ModelOutcome> asked = Turns.Model(Turns.Options(server), time).AskAsync(Turns.Request(), default);
        await time.RunAsync(asked);

        var failed = Assert.IsType<ModelOutcome.Failed>(await asked);
        Assert.Equal(($"model_{status}", 3, 3), (failed.Code, failed.Calls, server.Calls));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task Ask_IsRefused_IsNotRepeated(int status)
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, status);
        ResilientModel model = Turns.Model(Turns.Options(server), new ManualTime());
        ModelOutcome outcome = await model.AskAsync(Turns.Request(), default);

        var unavailable = Assert.IsType<ModelOutcome.Unavailable>(outcome);
        Assert.Equal(($"model_{status}", 1, 1), (unavailable.Code, unavailable.Calls, server.Calls));
    }

    [Fact]
    public async Task Ask_ModelHangs_IsBoundedByTheAttempts()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.HangAsync(http);
        ManualTime time = new();
        DateTimeOffset started = time.GetUtcNow();
        Task<ModelOutcome> asked = Turns.Model(Turns.Options(server), time).AskAsync(Turns.Request(), default);
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            await UntilAsync(() => server.Calls == attempt);
            time.Advance(TimeSpan.FromSeconds(30));
            await UntilAsync(async () => await Task.WhenAny(asked, time.PendingAsync(1)) is not null);
            if (attempt < 3) time.Advance(TimeSpan.FromSeconds(5));
        }

        var failed = Assert.IsType<ModelOutcome.Failed>(await asked);
        Assert.Equal(("model_timeout", 3), (failed.Code, failed.Calls));
        Assert.Equal(TimeSpan.FromSeconds(100), time.GetUtcNow() - started);
    }

    [Fact]
    public async Task Ask_RetryAfterWithinTheLimit_IsWaitedFor()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (n, http) => n == 1
            ? ModelServer.FailAsync(http, 429, "4")
            : ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));
        ManualTime time = new();
        DateTimeOffset started = time.GetUtcNow();
        Task<ModelOutcome> asked = Turns.Model(Turns.Options(server), time).AskAsync(Turns.Request(), default);
        await time.RunAsync(asked);

        Assert.IsType<ModelOutcome.Answered>(await asked);
        Assert.Equal(TimeSpan.FromSeconds(4), time.GetUtcNow() - started);
    }

    [Fact]
    public async Task Ask_ConnectionIsRefused_MayBeTriedAgain()
    {
        ModelServer server = await ModelServer.StartAsync();
        AssistantOptions options = Turns.Options(server);
        options.Retries = 0;
        await server.DisposeAsync();
        ModelOutcome outcome = await Turns.Model(options, TimeProvider.System).AskAsync(Turns.Request(), default);

        Assert.Equal("model_unreachable", Assert.IsType<ModelOutcome.Failed>(outcome).Code);
    }

    [Fact]
    public async Task Ask_ConnectionBreaksOff_MayBeTriedAgain()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = async (_, http) =>
        {
            http.Response.ContentLength = 5_000;
            await http.Response.WriteAsync("{\"choices\":");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };
        AssistantOptions options = Turns.Options(server);
        options.Retries = 0;
        ModelOutcome outcome = await Turns.Model(options, TimeProvider.System).AskAsync(Turns.Request(), default);

        Assert.Equal("model_unreachable", Assert.IsType<ModelOutcome.Failed>(outcome).Code);
    }

    [Fact]
    public async Task Ask_CallerGivesUp_Throws()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.HangAsync(http);
        using CancellationTokenSource caller = new();
        ResilientModel model = Turns.Model(Turns.Options(server), TimeProvider.System);
        Task<ModelOutcome> asked = model.AskAsync(Turns.Request(), caller.Token);
        await UntilAsync(() => server.Calls == 1);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task Circuit_FiveFailures_OpensAndAsksNobody()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, 500);
        ManualTime time = new();
        ResilientModel model = Opened(server, time);
        for (int i = 1; i <= 5; i++)
        {
            Assert.Equal(CircuitState.Closed, model.Current.Circuit);
            Assert.IsType<ModelOutcome.Failed>(await model.AskAsync(Turns.Request(), default));
        }

        Assert.Equal(CircuitState.Open, model.Current.Circuit);
        var refused = Assert.IsType<ModelOutcome.Unavailable>(await model.AskAsync(Turns.Request(), default));
        Assert.Equal(("circuit_open", 0, 5), (refused.Code, refused.Calls, server.Calls));
    }

    [Fact]
    public async Task Circuit_ASuccessAmongTheFailures_StaysClosed()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (n, http) => n == 3
            ? ModelServer.SayAsync(http, ModelServer.Plain("Olá!"))
            : ModelServer.FailAsync(http, 500);
        ResilientModel model = Opened(server, new ManualTime());
        for (int i = 1; i <= 20; i++) await model.AskAsync(Turns.Request(), default);

        Assert.Equal((CircuitState.Closed, 20), (model.Current.Circuit, server.Calls));
    }

    [Fact]
    public async Task Circuit_BadRequests_StaysClosed()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, 400);
        ResilientModel model = Opened(server, new ManualTime());
        for (int i = 1; i <= 10; i++) await model.AskAsync(Turns.Request(), default);

        Assert.Equal(CircuitState.Closed, model.Current.Circuit);
    }

    [Fact]
    public async Task Circuit_HalfOpen_AdmitsOneProbeOfMany()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, 500);
        ManualTime time = new();
        ResilientModel model = Opened(server, time);
        for (int i = 1; i <= 5; i++) await model.AskAsync(Turns.Request(), default);

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.IsType<ModelOutcome.Unavailable>(await model.AskAsync(Turns.Request(), default));
        time.Advance(TimeSpan.FromSeconds(2));
        TaskCompletionSource release = new();
        server.Answer = async (_, http) =>
        {
            await release.Task;
            await ModelServer.SayAsync(http, ModelServer.Plain("De volta!"));
        };
        Task<ModelOutcome>[] asked =
            [.. Enumerable.Range(0, 50).Select(_ => Task.Run(() => model.AskAsync(Turns.Request(), default)))];
        await UntilAsync(() => asked.Count(t => t.IsCompleted) == 49 && server.Calls >= 6);
        Assert.Equal((CircuitState.HalfOpen, 6), (model.Current.Circuit, server.Calls));
        release.SetResult();
        ModelOutcome[] outcomes = await Task.WhenAll(asked);

        Assert.Single(outcomes.OfType<ModelOutcome.Answered>());
        Assert.Equal(49, outcomes.OfType<ModelOutcome.Unavailable>().Count(o => o.Code == "circuit_open"));
        Assert.Equal(CircuitState.Closed, model.Current.Circuit);
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));
    }

    [Fact]
    public async Task Circuit_ProbeFails_OpensAgain()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.FailAsync(http, 500);
        ManualTime time = new();
        ResilientModel model = Opened(server, time);
        for (int i = 1; i <= 5; i++) await model.AskAsync(Turns.Request(), default);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.IsType<ModelOutcome.Failed>(await model.AskAsync(Turns.Request(), default));

        Assert.Equal(CircuitState.Open, model.Current.Circuit);
        Assert.IsType<ModelOutcome.Unavailable>(await model.AskAsync(Turns.Request(), default));
        Assert.Equal(6, server.Calls);
    }

    [Fact]
    public async Task Ask_WithoutKey_IsUnavailableAndNotConfigured()
    {
        ResilientModel model = Turns.Model(new AssistantOptions(), TimeProvider.System);
        var unavailable = Assert.IsType<ModelOutcome.Unavailable>(await model.AskAsync(Turns.Request(), default));
        Assert.Equal((ModelOutcome.NoModel, false), (unavailable.Code, model.Current.Configured));
    }

    private static ResilientModel Opened(ModelServer server, ManualTime time)
    {
        AssistantOptions options = Turns.Options(server);
        options.Retries = 0;
        return Turns.Model(options, time);
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds()) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
    }
}
