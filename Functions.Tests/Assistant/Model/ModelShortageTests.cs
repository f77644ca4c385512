using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Limits;
using Vellarys.Tests.Limits;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>A deployment that refuses and refuses: nobody is left without an answer.</summary>
public sealed class ModelShortageTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);
    private readonly ManualTime _time = new();
    private readonly Lines _log = new();
    private readonly LocalLimits _limits;
    private ModelServer _server = null!;

    public ModelShortageTests() => _limits = new LocalLimits(_time);

    public async Task InitializeAsync() => _server = await ModelServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Lasting429_IsWaitedForTwoMinutesThenAnsweredOffline()
    {
        Refuse("30");
        ResilientModel model = Model();
        GuardedAssistant assistant = Turns.Assistant(model, Turns.Options(_server), _time);
        TurnContext turn = Turns.Saying("que horas abre?", Turns.Shop);
        DateTimeOffset started = _time.GetUtcNow();
        TurnAnswer? answer = null;
        while (answer is null)
        {
            try
            {
                answer = await assistant.AnswerAsync(turn, default);
            }
            catch (TransientFault e)
            {
                Assert.True(e.IsOutage);
                Assert.InRange(e.RetryAfter!.Value.TotalSeconds, 1, 60);
                _time.Advance(e.RetryAfter!.Value);
            }
        }

        Assert.Equal(AnswerSource.Offline, answer.Source);
        Assert.InRange((_time.GetUtcNow() - started).TotalSeconds, 120, 180);
        int before = _server.Calls;
        for (TimeSpan at = default; at < TimeSpan.FromMinutes(10); at += Moment)
        {
            Assert.IsType<ModelOutcome.Unavailable>(await model.AskAsync(Turns.Request(), default));
            Assert.Equal(TimeSpan.Zero, model.RetryAfter);
            _time.Advance(Moment);
        }

        // One a minute finds out whether it is over.
        Assert.InRange(_server.Calls - before, 8, 11);
        Allow();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));
        Refuse("30");
        Assert.IsType<ModelOutcome.OverQuota>(await model.AskAsync(Turns.Request(), default));
    }

    [Fact]
    public async Task RetryAfterOfDays_IsAnsweredOfflineAtOnceAndProbedEachMinute()
    {
        Refuse("950000");
        ResilientModel model = Model();
        for (int i = 0; i < 5; i++)
            Assert.IsType<ModelOutcome.Unavailable>(await model.AskAsync(Turns.Request(), default));
        Assert.Equal(1, _server.Calls);

        Allow();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));
        Assert.Equal((2, TimeSpan.Zero), (_server.Calls, model.RetryAfter));
    }

    [Fact]
    public async Task RetryAfterOfAMinuteAndMore_HoldsOtherInstancesForAMinute()
    {
        Refuse("100");
        (ResilientModel one, ResilientModel other) = (Model(), Model());
        var first = Assert.IsType<ModelOutcome.OverQuota>(await one.AskAsync(Turns.Request(), default));
        Assert.Equal(TimeSpan.FromMinutes(1), first.RetryAfter);
        var second = Assert.IsType<ModelOutcome.OverQuota>(await other.AskAsync(Turns.Request(), default));
        Assert.InRange(second.RetryAfter!.Value.TotalSeconds, 60, 90);
    }

    [Fact]
    public async Task RetryAfter_WhileItIsShort_IsKnownWithoutAsking()
    {
        Refuse("20");
        ResilientModel model = Model();
        Assert.Equal(TimeSpan.Zero, model.RetryAfter);
        await model.AskAsync(Turns.Request(), default);
        Assert.InRange(model.RetryAfter.TotalSeconds, 20, 30);

        Allow();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.Zero, model.RetryAfter);
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));
    }

    [Fact]
    public async Task TenantsOwnShare_SaysNothingOfTheDeployment()
    {
        ResilientModel model = Model(new() { TenantModelRequestsPerMinute = 1 });
        ModelRequest request = Turns.Request() with { Tenant = new TenantId(Ids.New(_time)) };
        Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(request, default));
        Assert.IsType<ModelOutcome.OverQuota>(await model.AskAsync(request, default));

        Assert.Equal(TimeSpan.Zero, model.RetryAfter);
        Assert.Empty(_log.Written);
    }

    [Fact]
    public async Task Shortage_IsToldOncePerChange()
    {
        Refuse("10");
        ResilientModel model = Model();
        for (int i = 0; i < 20; i++)
        {
            await model.AskAsync(Turns.Request(), default);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Allow();
        for (int i = 0; i < 20; i++)
        {
            await model.AskAsync(Turns.Request(), default);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal([1407, 1408, 1409], _log.Written);
    }

    [Fact]
    public async Task Enter_Crowded_LeavesHandlersToOthers()
    {
        AssistantOptions options = new();
        LimitsOptions limits = new() { ModelRequestsPerMinute = 1_200 };
        ModelQuota quota = new(
            _limits, limits, options, new QuotaExhaustion(options, _time, NullLogger<QuotaExhaustion>.Instance),
            Turns.Use(limits, _time), LimitsParts.Metrics, _time);
        List<Task<int>> all = [];
        for (int i = 0; i < 160; i++) all.Add(quota.EnterAsync(Turns.Request(), default).AsTask());

        // A burst of 120; of the 90 places that five seconds have, half of the handlers.
        Assert.Equal((120, 8), (all.Count(t => t.IsCompletedSuccessfully), all.Count(t => t.IsFaulted)));
        _time.Advance(Moment);
        foreach (Task<int> entered in all.Where(t => !t.IsFaulted)) await entered;
    }

    [Fact]
    public async Task Refusals_AreCountedByKindOfBucket()
    {
        List<object?> seen = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Scope == LimitsParts.Meters && instrument.Meter.Name == LimitMetrics.MeterName)
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (seen) seen.Add(tags[0].Value);
        });
        listener.Start();
        ResilientModel model = Model(new() { CustomerModelRequestsPerMinute = 1 });
        ModelRequest request = Turns.Request() with { Conversation = new ConversationId(Ids.New(_time)) };
        await model.AskAsync(request, default);
        await model.AskAsync(request, default);
        Refuse("10");
        await model.AskAsync(Turns.Request(), default);

        lock (seen) Assert.True(seen.Contains("model-customer") && seen.Contains("model-busy"));
    }

    private void Refuse(string seconds) => _server.Answer = (_, http) => ModelServer.FailAsync(http, 429, seconds);

    private void Allow() => _server.Answer = (_, http) => ModelServer.SayAsync(http, ModelServer.Plain("Olá!"));

    private ResilientModel Model(LimitsOptions? quota = null) =>
        Turns.Model(Turns.Options(_server), _time, _limits, quota, log: _log);

    private sealed class Lines : ILogger<QuotaExhaustion>
    {
        public List<int> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Add(eventId.Id);
    }
}
