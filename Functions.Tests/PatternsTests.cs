using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests;

public sealed class PatternsTests
{
    private static readonly string Endless = new string('a', 60) + "!";
    private readonly Regex _nested = new("^(a+)+$", RegexOptions.None, TimeSpan.FromMilliseconds(1));

    [Fact]
    public void IsIn_MatchBrokenOffForItsTime_IsNoMatchAndIsCounted()
    {
        long counted = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == Patterns.MeterName) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref counted, count));
        listener.Start();

        Assert.False(_nested.IsIn(Endless));
        Assert.True(_nested.IsIn("aaa"));

        Assert.True(Interlocked.Read(ref counted) > 0);
    }

    [Fact]
    public void Read_MatchBrokenOffForItsTime_IsWhatTheCallerSays() =>
        Assert.Equal("broken off", Patterns.Read(() => _nested.Replace(Endless, ""), "broken off"));
}
