using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Operations;

/// <summary>What the doctor cannot see by itself.</summary>
internal sealed class OperationsOptions
{
    public const string Section = "Operations";

    /// <summary>
    /// A file that the backup's own job writes once it has succeeded: its time is the backup's. Default none: then only
    /// PostgreSQL's archive can tell.
    /// </summary>
    public string BackupStamp { get; set; } = "";

    /// <summary>The age at which a backup is too old. Default 26 hours, for a daily one that may be late.</summary>
    public TimeSpan BackupMaxAge { get; set; } = TimeSpan.FromHours(26);

    /// <summary>Where it is written down what to do at night. Default none.</summary>
    public string Runbook { get; set; } = "";

    /// <summary>Whether traces and metrics of failures go anywhere.</summary>
    internal bool TracksErrors { get; private init; }

    /// <exception cref="OptionsValidationException">Some setting makes no sense.</exception>
    public static OperationsOptions Read(IConfiguration configuration)
    {
        OperationsOptions read = configuration.GetSection(Section).Get<OperationsOptions>() ?? new();
        if (read.BackupMaxAge <= TimeSpan.Zero)
        {
            throw new OptionsValidationException(
                Section, typeof(OperationsOptions), [$"{Section}:{nameof(BackupMaxAge)} must be more than none"]);
        }

        return new OperationsOptions
        {
            BackupStamp = read.BackupStamp, BackupMaxAge = read.BackupMaxAge, Runbook = read.Runbook,
            TracksErrors = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])
                || !string.IsNullOrEmpty(configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"]),
        };
    }
}
