using System.Globalization;

namespace Vellarys.Benchmarks;

/// <summary>
/// CPU seconds so far, from /proc: of this process, and of PostgreSQL with all its backends, dead ones included.
/// </summary>
internal readonly record struct QueueBenchCpu(double App, double Store)
{
    private const double TicksPerSecond = 100;

    public static QueueBenchCpu Read(int storePid) =>
        new(Environment.CpuUsage.TotalTime.TotalSeconds, Tree(storePid));

    public static QueueBenchCpu operator -(QueueBenchCpu left, QueueBenchCpu right) =>
        new(left.App - right.App, left.Store - right.Store);

    private static double Tree(int root)
    {
        Dictionary<int, (int Parent, double Seconds)> all = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid)) continue;
            if (Stat(pid) is { } stat) all[pid] = stat;
        }

        return all.Where(p => p.Key == root || p.Value.Parent == root).Sum(p => p.Value.Seconds);
    }

    private static (int, double)? Stat(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // utime, stime and those of waited-for children
            double ticks = fields[11..15].Sum(f => double.Parse(f, CultureInfo.InvariantCulture));
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), ticks / TicksPerSecond);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
