namespace Vellarys.Tests.Simulator;

/// <summary>Chance that comes out the same for the same seed, whatever the order in which things happen.</summary>
internal static class SimulatorChance
{
    /// <summary>From 0 to below 1.</summary>
    public static double Of(int seed, string what, string whom, int count)
    {
        // FNV-1a, whose result a process does not salt; then mixed, for its high bits are poor.
        ulong hash = 14695981039346656037UL ^ (ulong)seed;
        foreach (char c in what + "/" + whom) hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (ulong)count) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53UL;
        hash ^= hash >> 33;
        return (hash >> 11) / (double)(1UL << 53);
    }
}
