using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Limits;
using Vellarys.Tests.Limits;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>The gauge of the model's quota, as an exporter reads it.</summary>
public sealed class QuotaUseTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Gauge_OfCalls_IsWhatTheyTookAndWhatTheyReallyUsed()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        LimitsOptions limits = new() { ModelRequestsPerMinute = 200, ModelTokensPerMinute = 15_000 };
        QuotaUse use = Use(limits);
        AssistantOptions options = Turns.Options(server);
        using ChatModel chat = Turns.Chat(options, _time);
        ResilientModel model = new(
            chat, options,
            new ModelQuota(
                new LocalLimits(_time), limits, options,
                new QuotaExhaustion(options, _time, NullLogger<QuotaExhaustion>.Instance), use,
                LimitsParts.Metrics, _time),
            new UnsharedCircuit(), _time, NullLogger<ResilientModel>.Instance);

        Assert.Equal(["requests 0", "tokens 0"], Measure());
        for (int n = 0; n < 2; n++)
            Assert.IsType<ModelOutcome.Answered>(await model.AskAsync(Turns.Request(), default));

        // 150 tokens each, where 500 were taken at first.
        Assert.Equal(["requests 1", "tokens 2"], Measure());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["requests 0", "tokens 0"], Measure());
    }

    [Fact]
    public void Gauge_OverAMinute_SlidesAndGoesBeyondTheWhole()
    {
        QuotaUse use = Use(new() { ModelRequestsPerMinute = 4 });
        for (int n = 0; n < 6; n++)
        {
            use.Took(1, 1_000);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        // The first call is a minute old, and tokens have no quota here.
        Assert.Equal(["requests 125"], Measure());
        use.Took(5, 0);
        Assert.Equal(["requests 250"], Measure());
    }

    [Fact]
    public void Gauge_MoreGivenBackThanTaken_IsNotBelowZero()
    {
        Use(new() { ModelTokensPerMinute = 100 }).Took(0, -50);
        Assert.Equal(["tokens 0"], Measure());
    }

    [Fact]
    public void Gauge_WithoutQuota_MeasuresNothing()
    {
        Use(new()).Took(10, 10_000);
        Assert.Empty(Measure());
    }

    private QuotaUse Use(LimitsOptions limits) =>
        new(_services.GetRequiredService<IMeterFactory>(), limits, _time);

    private List<string> Measure()
    {
        List<string> measured = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()
                    && instrument is { Meter.Name: QuotaUse.MeterName, Name: "model.quota.usage", Unit: "%" })
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => measured.Add(
            $"{tags[0].Value} {value.ToString(CultureInfo.InvariantCulture)}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
