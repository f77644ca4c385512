using Microsoft.Extensions.Logging.Console;

namespace Vellarys.Standalone;

/// <summary>
/// Standard output: a line to read on a terminal; elsewhere one JSON object a line, each with the trace it belongs to.
/// </summary>
internal static class Logs
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Vellarys", LogLevel.Information);
        // A request that failed is logged by the code that failed; the framework's copy would carry paths.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        // A start that failed is told by the Boundary, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.Services.AddSingleton<IExternalScopeProvider, PathlessScopes>();
        if (Console.IsOutputRedirected) builder.Logging.AddJsonConsole(ForMachines);
        else builder.Logging.AddSimpleConsole(ForPeople);
        builder.Logging.Services.Configure<ConsoleLoggerOptions>(options => options.MaxQueueLength = 10_000);
    }

    private static void ForMachines(JsonConsoleFormatterOptions options)
    {
        options.IncludeScopes = true;
        options.UseUtcTimestamp = true;
        options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    }

    private static void ForPeople(SimpleConsoleFormatterOptions options)
    {
        options.SingleLine = true;
        options.TimestampFormat = "HH:mm:ss ";
    }
}
