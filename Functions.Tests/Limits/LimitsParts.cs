using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Limits;

namespace Vellarys.Tests.Limits;

/// <summary>What limits need in tests.</summary>
internal static class LimitsParts
{
    public static readonly IMeterFactory Meters =
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    public static readonly LimitMetrics Metrics = new(Meters);
}
