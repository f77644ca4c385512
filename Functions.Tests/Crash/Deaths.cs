namespace Vellarys.Tests.Crash;

/// <summary>Where the next host dies: at each point before one comes again, however many hosts ask.</summary>
internal sealed class Deaths(IReadOnlyList<string> points, Random random)
{
    private const int LatestTime = 25;
    private readonly Lock _gate = new();
    private Queue<string> _left = new();

    public string Next()
    {
        lock (_gate)
        {
            if (_left.Count == 0) _left = new Queue<string>(points.OrderBy(_ => random.Next()));
            return $"{_left.Dequeue()}:{1 + random.Next(LatestTime)}";
        }
    }
}
