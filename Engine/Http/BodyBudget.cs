namespace Vellarys.Http;

/// <summary>
/// The memory that the request bodies of this process may take together. What is over it is turned away whole and at
/// once: the caller sends it again. Large bodies may use half of it only, so that a stranger who dribbles a few large
/// ones does not turn away the small ones, which nearly all are.
/// </summary>
internal sealed class BodyBudget(ApiOptions options, TimeProvider time)
{
    /// <summary>Up to this many bytes a body is small.</summary>
    public const int Small = 64 * 1_024;

    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);
    private long _taken;
    private long _refusedAt = long.MinValue;

    /// <summary>How long a body may take to arrive.</summary>
    public TimeSpan Patience => options.BodyTimeout;

    public TimeProvider Time => time;

    /// <summary>Bytes that are in use now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Whether a body was turned away within the last minute.</summary>
    public bool IsShort => Volatile.Read(ref _refusedAt) is var at and not long.MinValue
        && time.GetElapsedTime(at) < Recent;

    /// <summary>False when there is no room for so many more bytes; then none were taken.</summary>
    public bool TryTake(long bytes, bool isLarge)
    {
        long limit = isLarge ? options.MaxBodyBytesInFlight / 2 : options.MaxBodyBytesInFlight;
        if (Interlocked.Add(ref _taken, bytes) <= limit) return true;
        Return(bytes);
        Volatile.Write(ref _refusedAt, time.GetTimestamp());
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
