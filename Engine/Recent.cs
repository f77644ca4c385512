namespace Vellarys;

/// <summary>
/// The last finding of something that any instance may look at next: a gauge shows it for as long as it is news, and
/// not for as long as this process lives.
/// </summary>
/// <param name="lasts">Longer than the time to the next look.</param>
internal sealed class Recent<T>(TimeSpan lasts, TimeProvider time)
    where T : class
{
    private volatile Finding? _last;

    /// <summary>Null before the first, and once it is old.</summary>
    public T? Value => _last is { } last && time.GetElapsedTime(last.At) < lasts ? last.Value : null;

    public void Found(T value) => _last = new Finding(value, time.GetTimestamp());

    private sealed record Finding(T Value, long At);
}
