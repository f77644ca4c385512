using System.Diagnostics;

namespace Vellarys.Standalone;

/// <summary>
/// The scopes of the log: the trace that a line belongs to, and whatever code adds, but not the framework's scope of a
/// request, which carries its path. A webhook's path is a secret, and others hold phone numbers.
/// </summary>
internal sealed class PathlessScopes : IExternalScopeProvider
{
    private const string Path = "RequestPath";
    private readonly LoggerExternalScopeProvider _scopes = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (Activity.Current is { } activity) callback(new Trace(activity), state);
        _scopes.ForEachScope(callback, state);
    }

    public IDisposable Push(object? state) => HasPath(state) ? Nothing.Instance : _scopes.Push(state);

    private static bool HasPath(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> pairs && pairs.Any(p => p.Key == Path);

    private sealed class Nothing : IDisposable
    {
        public static Nothing Instance { get; } = new();

        public void Dispose()
        {
        }
    }

    /// <summary>Takes the place of the framework's own, which goes with its own provider only.</summary>
    private sealed class Trace : List<KeyValuePair<string, object?>>
    {
        public Trace(Activity activity)
        {
            Add(new("SpanId", activity.SpanId.ToHexString()));
            Add(new("TraceId", activity.TraceId.ToHexString()));
        }

        public override string ToString() => string.Join(", ", this.Select(pair => $"{pair.Key}:{pair.Value}"));
    }
}
