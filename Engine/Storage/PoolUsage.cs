using System.Diagnostics.Metrics;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// How many connections of the product's pool are in use, as the driver's own meter counts them: it has no other public
/// figures. Reading costs no connection, so it works when there is none.
/// </summary>
internal sealed class PoolUsage : IDisposable
{
    private const string Instrument = "db.client.connection.count";
    private const string PoolTag = "db.client.connection.pool.name";
    private const string StateTag = "db.client.connection.state";

    private readonly Lock _gate = new();
    private readonly MeterListener _listener;
    private readonly string _pool;
    private int _used;

    public PoolUsage(NpgsqlDataSource pool)
    {
        // A data source without a name of its own reports under its connection string, which holds no password.
        _pool = pool.ConnectionString;
        Settings = new NpgsqlConnectionStringBuilder(_pool);
        _listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Npgsql" && instrument.Name == Instrument)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<int>((_, count, tags, _) => Count(count, tags));
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => Count((int)count, tags));
        _listener.Start();
    }

    /// <summary>How the pool is set up.</summary>
    public NpgsqlConnectionStringBuilder Settings { get; }

    /// <summary>Connections that are handed out now.</summary>
    public int CheckedOut()
    {
        lock (_gate)
        {
            _used = 0;
            _listener.RecordObservableInstruments();
            return _used;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Count(int count, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        bool isMine = false, isUsed = false;
        foreach ((string name, object? value) in tags)
        {
            if (name == PoolTag) isMine = value as string == _pool;
            else if (name == StateTag) isUsed = value as string == "used";
        }

        if (isMine && isUsed) _used += count;
    }
}
