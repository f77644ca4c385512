using System.Globalization;

namespace Vellarys.Functions.Redis;

/// <summary>How much of its memory Redis uses, from <c>INFO memory</c> of one node.</summary>
/// <param name="Most">0: no limit is set.</param>
internal readonly record struct RedisMemory(long Used, long Most)
{
    private const double Much = 0.85;

    /// <summary>Beyond this Redis evicts soon what instances still need, limits and circuits included.</summary>
    public bool IsScarce => Most > 0 && Used > Much * Most;

    /// <summary>Null where the answer says nothing about memory.</summary>
    public static RedisMemory? Of(string text)
    {
        if (Figure(text, "used_memory:") is not { } used) return null;
        return new RedisMemory(used, Figure(text, "maxmemory:") ?? 0);
    }

    public Dictionary<string, long> Figures()
    {
        Dictionary<string, long> figures = new() { ["usedMb"] = Used >> 20 };
        if (Most <= 0) return figures;
        figures["maxMb"] = Most >> 20;
        figures["memoryPercent"] = (long)(100.0 * Used / Most);
        return figures;
    }

    private static long? Figure(string text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal)
                && long.TryParse(line[name.Length..], CultureInfo.InvariantCulture, out long figure)) return figure;
        }

        return null;
    }
}
