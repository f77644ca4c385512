using System.Runtime.InteropServices;

namespace Vellarys.Tests.Support;

/// <summary>
/// Processor time of one thread: what a piece of work costs, however many others want the processor meanwhile.
/// </summary>
internal static class ThreadCpu
{
    private const int CurrentThread = 3;

    /// <summary>Runs the work and returns what it cost this thread.</summary>
    public static TimeSpan Of(Action work)
    {
        TimeSpan before = Now();
        work();
        return Now() - before;
    }

    private static TimeSpan Now()
    {
        if (ClockGetTime(CurrentThread, out TimeSpec now) != 0)
            throw new InvalidOperationException("The clock of the thread cannot be read.");
        return TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromMicroseconds(now.Nanoseconds / 1_000);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
