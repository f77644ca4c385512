namespace Vellarys.Health;

/// <summary>The health report as callers read it.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
internal sealed record HealthBody(
    string Status, DateTimeOffset Timestamp, IReadOnlyDictionary<string, HealthBody.Dependency> Dependencies)
{
    public static HealthBody Of(HealthReport report) => new(
        Name(report.Status),
        report.Timestamp,
        report.Dependencies.ToDictionary(
            d => d.Key, d => new Dependency(Name(d.Value.Level), d.Value.State, d.Value.Figures)));

    private static string Name(DependencyLevel level) => level switch
    {
        DependencyLevel.Healthy => "healthy",
        DependencyLevel.Degraded => "degraded",
        _ => "unhealthy",
    };

    internal sealed record Dependency(string Status, string State, IReadOnlyDictionary<string, long>? Figures);
}
