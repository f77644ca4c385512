using System.Globalization;

namespace Vellarys.Functions.Redis;

/// <summary>
/// How much of its memory Redis uses, and how busy it is, from <c>INFO memory</c> and <c>INFO stats</c> of one node.
/// </summary>
/// <param name="Most">0: no limit is set.</param>
/// <param name="Policy">What it evicts when it is full; null where it does not say.</param>
/// <param name="Evicted">Keys that it evicted since it started.</param>
/// <param name="Rate">Commands a second, of all its clients, as the server measures it.</param>
internal readonly record struct RedisMemory(
    long Used, long Most, string? Policy = null, long Evicted = 0, long Rate = 0)
{
    private const double Much = 0.85;

    /// <summary>Beyond this Redis evicts soon what instances still need, limits and circuits included.</summary>
    public bool IsScarce => Most > 0 && Used > Much * Most;

    /// <summary>
    /// Whether a full server makes room. Every key of ours ends by itself, so <c>volatile-</c> does as well as
    /// <c>allkeys-</c>; with <c>noeviction</c> it refuses writes instead.
    /// </summary>
    public bool MayEvict => Policy is null
        || Policy.StartsWith("allkeys-", StringComparison.Ordinal)
        || Policy.StartsWith("volatile-", StringComparison.Ordinal);

    /// <summary>Null where the answer says nothing about memory.</summary>
    public static RedisMemory? Of(string text)
    {
        if (Figure(text, "used_memory:") is not { } used) return null;
        return new RedisMemory(
            used, Figure(text, "maxmemory:") ?? 0, Word(text, "maxmemory_policy:"), Figure(text, "evicted_keys:") ?? 0,
            Figure(text, "instantaneous_ops_per_sec:") ?? 0);
    }

    public Dictionary<string, long> Figures()
    {
        Dictionary<string, long> figures = new() { ["usedMb"] = Used >> 20, ["evictedKeys"] = Evicted };
        if (Most <= 0) return figures;
        figures["maxMb"] = Most >> 20;
        figures["memoryPercent"] = (long)(100.0 * Used / Most);
        return figures;
    }

    private static long? Figure(string text, string name) =>
        long.TryParse(Word(text, name), CultureInfo.InvariantCulture, out long figure) ? figure : null;

    private static string? Word(string text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal)) return line[name.Length..].Trim().ToString();
        }

        return null;
    }
}
