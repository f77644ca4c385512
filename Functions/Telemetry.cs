using System.Data.Common;
using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Vellarys.Functions;

/// <summary>
/// The engine's traces and metrics to Azure Monitor, only where APPLICATIONINSIGHTS_CONNECTION_STRING says where to.
/// </summary>
internal sealed class Telemetry(IConfiguration configuration, TokenCredential credential) : IHostedService, IDisposable
{
    /// <summary>
    /// Ours, and the worker's own: its span for a call is what ties a timer's or a dead letter's work to the host's
    /// trace, which would start one of its own otherwise.
    /// </summary>
    public static readonly string[] Sources = ["Vellarys*", "Npgsql", "Microsoft.Azure.Functions.Worker"];

    public const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public static bool IsWanted(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[ConnectionString]);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault()
            .AddService("vellarys")
            .AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Sources)
            .AddAzureMonitorTraceExporter(Configure)
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Vellarys*", "System.Runtime", "Npgsql")
            .AddAzureMonitorMetricExporter(Configure)
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void Configure(AzureMonitorExporterOptions options)
    {
        options.ConnectionString = configuration[ConnectionString];
        // The workspace takes no keys; a desk has no identity that it would know.
        if (configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] is { Length: > 0 })
            options.Credential = credential;
    }
}

internal static class TelemetrySetup
{
    /// <exception cref="OptionsValidationException">The connection string is none.</exception>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Telemetry.IsWanted(configuration)) return;
        if (!IsSound(configuration[Telemetry.ConnectionString]!))
        {
            const string mistake = Telemetry.ConnectionString + " is no connection string of Application Insights.";
            throw new OptionsValidationException("Telemetry", typeof(Telemetry), [mistake]);
        }

        services.AddHostedService<Telemetry>();
    }

    // The exporter reads it when the host runs already.
    private static bool IsSound(string connectionString)
    {
        try
        {
            DbConnectionStringBuilder parts = new() { ConnectionString = connectionString };
            return parts.TryGetValue("InstrumentationKey", out object? key) && Guid.TryParse((string)key, out _)
                && parts.Keys.Cast<string>()
                    .Where(name => name.EndsWith("endpoint", StringComparison.OrdinalIgnoreCase))
                    .All(name => Uri.TryCreate((string)parts[name], UriKind.Absolute, out _));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
