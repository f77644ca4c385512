using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>Two instances, one model that fails, and what they tell each other.</summary>
public sealed class SharedCircuitTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private ModelServer _server = null!;
    private ResilientModel _one = null!;
    private ResilientModel _other = null!;

    public async Task InitializeAsync()
    {
        _server = await ModelServer.StartAsync();
        _server.Answer = (_, http) => ModelServer.FailAsync(http, 500);
        AssistantOptions options = Turns.Options(_server);
        options.Retries = 0;
        var shared = new MemoryCircuit(_time);
        _one = Turns.Model(options, _time, shared: shared);
        _other = Turns.Model(options, _time, shared: shared);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task OneOpens_TheOtherStopsWithoutAsking()
    {
        await OpenAsync();
        var refused = Assert.IsType<ModelOutcome.Unavailable>(await _other.AskAsync(Turns.Request(), default));

        Assert.Equal(("circuit_open", 0, 5), (refused.Code, refused.Calls, _server.Calls));
        Assert.Equal(CircuitState.Open, _other.Current.Circuit);
    }

    [Fact]
    public async Task AfterTheRest_OneOfAllProbes()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(61));
        TaskCompletionSource release = new();
        _server.Answer = async (_, http) =>
        {
            await release.Task;
            await ModelServer.SayAsync(http, ModelServer.Plain("De volta!"));
        };
        Task<ModelOutcome>[] asked =
        [
            .. Enumerable.Range(0, 40).Select(i => Task.Run(
                () => (i % 2 == 0 ? _one : _other).AskAsync(Turns.Request(), default))),
        ];
        while (asked.Count(t => t.IsCompleted) < 39 || _server.Calls < 6)
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        release.SetResult();
        ModelOutcome[] outcomes = await Task.WhenAll(asked);

        Assert.Equal(6, _server.Calls);
        Assert.Single(outcomes.OfType<ModelOutcome.Answered>());
        Assert.Equal(39, outcomes.OfType<ModelOutcome.Unavailable>().Count(o => o.Code == "circuit_open"));
        Assert.IsType<ModelOutcome.Answered>(await _other.AskAsync(Turns.Request(), default));
    }

    [Fact]
    public async Task ProbeFails_BothRestAgain()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.IsType<ModelOutcome.Failed>(await _other.AskAsync(Turns.Request(), default));
        Assert.IsType<ModelOutcome.Unavailable>(await _one.AskAsync(Turns.Request(), default));
        Assert.IsType<ModelOutcome.Unavailable>(await _other.AskAsync(Turns.Request(), default));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.IsType<ModelOutcome.Unavailable>(await _other.AskAsync(Turns.Request(), default));

        Assert.Equal(6, _server.Calls);
    }

    [Fact]
    public async Task ProbeIsRefusedAsABadRequest_TheModelIsThereAgain()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(61));
        _server.Answer = (n, http) => n == 6
            ? ModelServer.FailAsync(http, 400)
            : ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));
        Assert.IsType<ModelOutcome.Unavailable>(await _other.AskAsync(Turns.Request(), default));

        Assert.IsType<ModelOutcome.Answered>(await _other.AskAsync(Turns.Request(), default));
    }

    [Fact]
    public async Task ProbeIsGivenUpByItsCaller_AnotherMayProbe()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(61));
        _server.Answer = (_, http) => ModelServer.HangAsync(http);
        using CancellationTokenSource caller = new();
        Task<ModelOutcome> probe = _one.AskAsync(Turns.Request(), caller.Token);
        while (_server.Calls < 6) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        _server.Answer = (_, http) => ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));

        Assert.IsType<ModelOutcome.Answered>(await _other.AskAsync(Turns.Request(), default));
    }

    private async Task OpenAsync()
    {
        for (int i = 0; i < 5; i++)
            Assert.IsType<ModelOutcome.Failed>(await _one.AskAsync(Turns.Request(), default));
        Assert.Equal(CircuitState.Open, _one.Current.Circuit);
    }
}
