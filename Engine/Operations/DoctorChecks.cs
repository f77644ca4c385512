namespace Vellarys.Operations;

/// <summary>The nine.</summary>
internal static class DoctorChecks
{
    public const string Redis = "redis";
    public const string Limiter = "limiter";
    public const string Pool = "pool";
    public const string Indexes = "indexes";
    public const string Tests = "critical-tests";
    public const string Errors = "error-tracking";
    public const string Health = "health";
    public const string Backup = "backup";
    public const string Runbook = "runbook";
}
