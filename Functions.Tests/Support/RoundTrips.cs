using System.Collections.Concurrent;
using System.Diagnostics;

namespace Vellarys.Tests.Support;

/// <summary>
/// What is sent to one database while this lives: an entry a command, or a batch whatever it holds, as the driver's own
/// tracing tells them apart. A transaction's begin travels with its first command; its commit is one more that this
/// does not see.
/// </summary>
internal sealed class RoundTrips : IDisposable
{
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly ActivityListener _listener;
    private readonly string _database;

    public RoundTrips(TestDatabase database)
    {
        _database = database.Name;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = Note,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyCollection<string> Sent => _sent;

    /// <summary>How many since the last time.</summary>
    public int Take()
    {
        int count = 0;
        while (_sent.TryDequeue(out _)) count++;
        return count;
    }

    public void Dispose() => _listener.Dispose();

    // Every test has a database of its own, and tests run side by side. What opens a connection has no text.
    private void Note(Activity activity)
    {
        if (activity.GetTagItem("db.query.text") is string text
            && activity.TagObjects.Any(tag => tag.Value as string == _database)) _sent.Enqueue(text);
    }
}
