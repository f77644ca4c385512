using System.Diagnostics.Metrics;
using Vellarys.Database.Indexes;
using Vellarys.Tests.Accounts;
using Vellarys.Tests.Jobs;
using Xunit;

namespace Vellarys.Tests.Database.Indexes;

/// <summary>What one instance found ends when another has looked.</summary>
public sealed class IndexMetricsTests
{
    [Fact]
    public void Gauges_AfterTheNextCheckElsewhere_ShowNothing()
    {
        ManualTime time = new();
        IMeterFactory meters = Instance.Meters();
        IndexMetrics metrics = new(meters, time);
        List<string> seen = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Meter.Scope == meters) l.EnableMeasurementEvents(i);
            },
        };
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => seen.Add($"{i.Name} {value}"));
        listener.Start();
        metrics.Found([new IndexFault("ix", "messages", "missing", "create index", true)]);
        metrics.Seen(3, 4);

        time.Advance(TimeSpan.FromHours(6));
        listener.RecordObservableInstruments();
        Assert.Equal(
            ["index.bloated 4", "index.broken 0", "index.broken 0", "index.broken 1", "index.unused 3"],
            seen.Order(StringComparer.Ordinal));

        seen.Clear();
        time.Advance(TimeSpan.FromMinutes(10));
        listener.RecordObservableInstruments();
        Assert.Empty(seen);
    }
}
