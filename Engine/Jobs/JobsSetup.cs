using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vellarys.Database;
using Vellarys.Database.Indexes;
using Vellarys.Database.Pool;
using Vellarys.Health;
using Vellarys.Storage;
using Vellarys.Storage.Schema;

namespace Vellarys.Jobs;

/// <summary>Registers what runs jobs, and the jobs that look after the platform itself.</summary>
internal static class JobsSetup
{
    public static void AddJobs(this IServiceCollection services)
    {
        long started = TimeProvider.System.GetTimestamp();
        services.AddMetrics();
        services.AddSingleton(new Uptime(TimeProvider.System, started));
        services.AddSingleton<JobLock>();
        services.AddSingleton<JobRuns>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton(s => new RunJob(
            s.GetServices<IJob>(), s.GetRequiredService<JobLock>(), s.GetRequiredService<JobRuns>(),
            s.GetRequiredService<JobMetrics>(), s.GetRequiredService<ILogger<RunJob>>()));
        services.AddSingleton<ListJobs>();
        services.AddSingleton<IDependencyProbe, JobsProbe>();
        services.AddSingleton<IJob, ExtendMessagePartitions>();

        services.AddSingleton<OwnerSession>();
        services.AddSingleton<ReadIndexes>();
        services.AddSingleton<IndexMetrics>();
        services.AddSingleton<IJob, CheckIndexes>();

        services.AddSingleton<PoolUsage>();
        services.AddSingleton<ReadPool>();
        services.AddSingleton<ReadInstances>();
        services.AddSingleton<PoolMetrics>();
        services.AddSingleton<IJob, CheckPool>();
    }
}
