using Vellarys.Accounts.Platform;
using Vellarys.Health;
using Vellarys.Limits;

namespace Vellarys.Operations;

/// <summary>Nine looks at what must be so before an installation grows.</summary>
internal sealed class RunDoctor(
    CheckDatabase database, CheckHealth health, LimitsOptions limits, OperationsOptions options, TimeProvider time)
    : IGrowthGate
{
    private const string RedisProbe = "redis";
    private static readonly TimeSpan SlowHealth = TimeSpan.FromMilliseconds(500);

    public async Task<DoctorReport> RunAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        HealthReport report = await health.RunAsync();
        TimeSpan took = time.GetElapsedTime(started);
        DoctorCheck[] stored = await database.RunAsync(cancellationToken);
        return new DoctorReport([Redis(report), Limiter(), .. stored[..3], Errors(), Health(report, took), stored[3],
            Runbook()]);
    }

    public async Task<IReadOnlyList<(string Check, string Action)>> RedsAsync(CancellationToken cancellationToken) =>
    [
        .. from check in (await RunAsync(cancellationToken)).Checks
            where check.State == "red"
            select (check.Check, $"{check.Detail} {check.Action}"),
    ];

    private static DoctorCheck Redis(HealthReport report)
    {
        if (!report.Dependencies.TryGetValue(RedisProbe, out DependencyState? state))
            return DoctorCheck.Green(DoctorChecks.Redis, "Not needed: one process, or instances without a Redis.");
        return state.Level == DependencyLevel.Healthy
            ? DoctorCheck.Green(DoctorChecks.Redis, $"It is {state.State}.")
            : DoctorCheck.Red(
                DoctorChecks.Redis, $"It is {state.State}.",
                "Instances go on alone, each with limits of its own: see Redis:ConnectionString and its memory.");
    }

    private DoctorCheck Limiter() => limits.MessagesPerSecond > 0
        ? DoctorCheck.Green(DoctorChecks.Limiter, $"A number sends {limits.MessagesPerSecond} a second at most.")
        : DoctorCheck.Yellow(
            DoctorChecks.Limiter, "Sending has no pace: the provider may refuse the number for it.",
            "Set Limits:MessagesPerSecond.");

    private DoctorCheck Errors() => options.TracksErrors
        ? DoctorCheck.Green(DoctorChecks.Errors, "Failures are sent to where the settings say.")
        : DoctorCheck.Yellow(
            DoctorChecks.Errors, "Failures stand in this process's log, and nowhere else.",
            "Set OTEL_EXPORTER_OTLP_ENDPOINT (Standalone) or APPLICATIONINSIGHTS_CONNECTION_STRING (Functions).");

    private static DoctorCheck Health(HealthReport report, TimeSpan took)
    {
        string seen = $"{report.Status} in {(long)took.TotalMilliseconds} ms.".ToLowerInvariant();
        return report.Status == DependencyLevel.Unhealthy
            ? DoctorCheck.Red(DoctorChecks.Health, seen, "GET /health says what is down.")
            : report.Status == DependencyLevel.Degraded || took > SlowHealth
                ? DoctorCheck.Yellow(DoctorChecks.Health, seen, "GET /health says what is worse than it should be.")
                : DoctorCheck.Green(DoctorChecks.Health, seen);
    }

    private DoctorCheck Runbook() => options.Runbook.Length > 0
        ? DoctorCheck.Green(DoctorChecks.Runbook, $"It is at {options.Runbook}.")
        : DoctorCheck.Yellow(
            DoctorChecks.Runbook, "It is not known where it is written down what to do at night.",
            "Write it down, and name the place as Operations:Runbook.");
}

/// <summary>The nine with their worst.</summary>
internal sealed record DoctorReport(IReadOnlyList<DoctorCheck> Checks)
{
    /// <summary><c>red</c>, <c>yellow</c> or <c>green</c>; what is unknown makes it yellow.</summary>
    public string State =>
        Checks.Any(c => c.State == "red") ? "red" : Checks.All(c => c.State == "green") ? "green" : "yellow";
}
