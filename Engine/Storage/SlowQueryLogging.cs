using Microsoft.Extensions.Logging;

namespace Vellarys.Storage;

/// <summary>
/// Turns the driver's own "command completed" event into one for slow statements only. The event carries the text and
/// the duration and never the values; a fast statement costs a comparison, where tracing would cost an activity.
/// </summary>
internal sealed class SlowQueryLogging(ILoggerFactory inner, TimeSpan threshold) : ILoggerFactory
{
    private const string CommandCategory = "Npgsql.Command";

    public ILogger CreateLogger(string categoryName) => categoryName == CommandCategory
        ? new SlowQueryLogger(inner.CreateLogger("Vellarys.Storage.SlowQuery"), (long)threshold.TotalMilliseconds)
        : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    // The host's factory is not this one's to dispose.
    public void Dispose()
    {
    }

    private sealed class SlowQueryLogger(ILogger log, long thresholdMs) : ILogger
    {
        private const int CommandCompleted = 2001;
        private const int TextLength = 80;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        // At Debug the driver would also report each start, with the values where so configured.
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != CommandCompleted) return;
            if (state is not IReadOnlyList<KeyValuePair<string, object?>> values) return;
            long durationMs = 0;
            string text = "";
            for (int i = 0; i < values.Count; i++)
            {
                switch (values[i])
                {
                    case { Key: "DurationMs", Value: long duration } when duration < thresholdMs: return;
                    case { Key: "DurationMs", Value: long duration }: durationMs = duration; break;
                    case { Key: "CommandText", Value: string command }: text = command; break;
                    case { Key: "BatchCommands", Value: string[] batch }: text = Telling(batch); break;
                }
            }

            Storage.Log.SlowQuery(log, durationMs, Shorten(text));
        }

        // Nearly every batch opens with its tenant scope, which would fill the line.
        private static string Telling(string[] batch) =>
            string.Join("; ", batch.Where(c => !c.StartsWith("select set_config('app.", StringComparison.Ordinal)));

        private static string Shorten(string text)
        {
            string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return line.Length <= TextLength ? line : line[..TextLength];
        }
    }
}
