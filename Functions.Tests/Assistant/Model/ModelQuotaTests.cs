using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Limits;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>Two instances, one quota, a real server behind them.</summary>
public sealed class ModelQuotaTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly LocalLimits _limits;
    private ModelServer _server = null!;

    public ModelQuotaTests() => _limits = new LocalLimits(_time);

    public async Task InitializeAsync() => _server = await ModelServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Requests_OfTwoInstances_ShareTheQuota()
    {
        LimitsOptions quota = new() { ModelRequestsPerMinute = 10, TenantModelRequestsPerMinute = 0 };
        (ResilientModel one, ResilientModel other) = (Model(quota), Model(quota));
        Assert.IsType<ModelOutcome.Answered>(await one.AskAsync(Turns.Request(), default));
        ModelOutcome second = await other.AskAsync(Turns.Request(), default);

        // Ten in any minute: one at once, nine that flow back. The second waits longer than a turn may.
        var over = Assert.IsType<ModelOutcome.OverQuota>(second);
        Assert.InRange(over.RetryAfter!.Value.TotalSeconds, 6.6, 10.1);
        Assert.Equal((ModelQuota.Code, 0, 1), (over.Code, over.Calls, _server.Calls));
    }

    [Fact]
    public async Task Requests_ShortWait_IsSpentInTheTurn()
    {
        ResilientModel model = Model(new() { ModelRequestsPerMinute = 20, TenantModelRequestsPerMinute = 0 });
        DateTimeOffset started = _time.GetUtcNow();
        for (int i = 0; i < 3; i++)
        {
            Task<ModelOutcome> asked = model.AskAsync(Turns.Request(), default);
            await _time.RunAsync(asked);
            Assert.IsType<ModelOutcome.Answered>(await asked);
        }

        Assert.Equal(60.0 / 18, (_time.GetUtcNow() - started).TotalSeconds, 0.01);
    }

    [Fact]
    public async Task Tokens_RealUsageBeyondTheEstimate_IsPaidByWhoComesLater()
    {
        // The server says 150 for each, where 500 were taken: what is over comes back.
        ResilientModel model = Model(new() { ModelTokensPerMinute = 20_000 });
        for (int i = 0; i < 6; i++)
            Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));

        string dear = ModelServer.Plain("Olá!").Replace("\"prompt_tokens\":120", "\"prompt_tokens\":9000");
        _server.Answer = (_, http) => ModelServer.SayAsync(http, dear);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));
        var over = Assert.IsType<ModelOutcome.OverQuota>(await model.AskAsync(Turns.Request(), default));
        Assert.InRange(over.RetryAfter!.Value.TotalSeconds, 25, 38);
    }

    [Fact]
    public async Task Tenant_UsesUpItsShare_LeavesTheRestToOthers()
    {
        LimitsOptions quota = new()
        {
            TenantModelRequestsPerMinute = 5, CustomerModelRequestsPerMinute = 0,
        };
        ResilientModel model = Model(quota);
        TenantId noisy = new(Ids.New(_time)), quiet = new(Ids.New(_time));
        ModelRequest Of(TenantId tenant) => Turns.Request() with { Tenant = tenant };
        for (int i = 0; i < 5; i++)
            Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Of(noisy), default));

        Assert.IsType<ModelOutcome.OverQuota>(await model.AskAsync(Of(noisy), default));
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Of(quiet), default));
    }

    [Fact]
    public async Task RetryAfterOf429_HoldsBackEveryInstanceAndOpensNoCircuit()
    {
        _server.Answer = (_, http) => ModelServer.FailAsync(http, 429, "20");
        (ResilientModel one, ResilientModel other) = (Model(new()), Model(new()));
        var first = Assert.IsType<ModelOutcome.OverQuota>(await one.AskAsync(Turns.Request(), default));
        Assert.Equal(("model_429", TimeSpan.FromSeconds(20), 1), (first.Code, first.RetryAfter, first.Calls));

        for (int i = 0; i < 10; i++)
        {
            var held = Assert.IsType<ModelOutcome.OverQuota>(await other.AskAsync(Turns.Request(), default));
            Assert.InRange(held.RetryAfter!.Value.TotalSeconds, 20, 30.1);
        }

        Assert.Equal((1, CircuitState.Closed), (_server.Calls, other.Current.Circuit));
        _time.Advance(TimeSpan.FromSeconds(20));
        _server.Answer = (_, http) => ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));
        Assert.IsType<ModelOutcome.Answered>(await other.AskAsync(Turns.Request(), default));
    }

    [Fact]
    public async Task Many429_WithoutATime_AreRetriedThenWaitedForElsewhere()
    {
        _server.Answer = (_, http) => ModelServer.FailAsync(http, 429);
        ResilientModel model = Model(new());
        for (int turn = 1; turn <= 4; turn++)
        {
            Task<ModelOutcome> asked = model.AskAsync(Turns.Request(), default);
            await _time.RunAsync(asked);
            Assert.Equal(3, Assert.IsType<ModelOutcome.OverQuota>(await asked).Calls);
        }

        Assert.Equal(CircuitState.Closed, model.Current.Circuit);
    }

    [Fact]
    public async Task Answer_OverQuota_IsAnOutageEvenOnTheLastAttempt()
    {
        _server.Answer = (_, http) => ModelServer.FailAsync(http, 429, "20");
        AssistantOptions options = Turns.Options(_server);
        GuardedAssistant assistant = Turns.Assistant(Model(new()), options, _time);
        TurnContext turn = Turns.Saying("que horas abre?", Turns.Shop) with { LastAttempt = true };
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => assistant.AnswerAsync(turn, default));

        Assert.Equal(("model_429", true, TimeSpan.FromSeconds(20)), (fault.Code, fault.IsOutage, fault.RetryAfter));
    }

    [Fact]
    public async Task NoCredit_IsNoQuotaToWaitFor()
    {
        _server.Answer = (_, http) =>
        {
            http.Response.StatusCode = 429;
            return ModelServer.SayAsync(http, """{"error":{"code":"insufficient_quota"}}""");
        };
        var outcome = Assert.IsType<ModelOutcome.Unavailable>(await Model(new()).AskAsync(Turns.Request(), default));

        Assert.Equal(("model_unpaid", 1), (outcome.Code, _server.Calls));
    }

    private ResilientModel Model(LimitsOptions quota) => Turns.Model(Turns.Options(_server), _time, _limits, quota);
}
