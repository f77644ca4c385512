using Vellarys.Operations;

namespace Vellarys.Standalone;

/// <summary>What this host is made of.</summary>
internal static class Composition
{
    public static WebApplicationBuilder CreateBuilder()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Settings come from the environment: no file to watch, whatever the current folder.
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.AddJsonLogs();
        builder.AddWebServer();
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }

    /// <summary>Everything but what runs by itself: enough for a command that does one thing and ends.</summary>
    public static void AddEngine(this WebApplicationBuilder builder)
    {
    }

    /// <summary>What runs by itself.</summary>
    public static void AddWorkers(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<JobLock>();
        builder.Services.AddHostedService<JobScheduler>();
        if (Telemetry.IsWanted(builder.Configuration)) builder.Services.AddHostedService<Telemetry>();
    }
}
