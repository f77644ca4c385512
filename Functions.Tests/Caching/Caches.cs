using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Caching;

namespace Vellarys.Tests.Caching;

/// <summary>Caches as tests need them.</summary>
internal static class Caches
{
    public static readonly IMeterFactory Meters =
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <param name="chance">Zero: whole lives, and nothing is renewed early.</param>
    public static Cache InMemory(TimeProvider time, double chance = 0) =>
        new(new MemoryCacheStore(time), new CacheMetrics(Meters)) { Chance = () => chance };
}
