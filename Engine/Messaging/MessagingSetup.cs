using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Postgres;
using Vellarys.Messaging.Postgres.Consuming;
using Vellarys.Messaging.Postgres.Sending;
using Vellarys.Storage.Directories;

namespace Vellarys.Messaging;

/// <summary>Composes the PostgreSQL queue.</summary>
public static class MessagingSetup
{
    /// <summary>
    /// The queue, the outbox and their operator's tools; needs the storage slice. To work queues off too, register
    /// an <see cref="IMessageHandler"/> for each and call <see cref="AddQueueConsumers"/>.
    /// </summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(MessagingOptions.Read(configuration));
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalConsumers>();
        services.AddSingleton<PeerNotifier>();
        services.AddSingleton<PostCommitDispatcher>();
        services.AddSingleton<IMessageQueue, PostgresQueue>();
        services.AddSingleton<IOutbox, PostgresOutbox>();
        services.AddSingleton<QueueStats>();
        services.AddSingleton<ITenantBacklog, TenantBacklog>();
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton<StuckHandlers>();
        services.AddSingleton<DeadLetterHooks>();
        services.AddSingleton(s => new DeadLetters(
            s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<LocalConsumers>(),
            s.GetRequiredService<PeerNotifier>()));
        return services;
    }

    /// <summary>Works the queues off in this process, one consumer for each registered handler.</summary>
    public static IServiceCollection AddQueueConsumers(this IServiceCollection services)
    {
        services.AddSingleton<DeadLeases>();
        services.AddSingleton<TotalsWriter>();
        services.AddSingleton<Housekeeping>();
        services.AddSingleton<QueueListener>();
        services.AddSingleton(s => new QueueConsumers(
            s.GetServices<IMessageHandler>().Select(h => Consumer(s, h)),
            s.GetRequiredService<LocalConsumers>(),
            s.GetRequiredService<QueueListener>(),
            s.GetRequiredService<Housekeeping>()));
        // Where a session listens for messages, another may for changes of what every instance keeps a copy of.
        services.AddHostedService<DirectoryListener>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<QueueConsumers>());
        return services;
    }

    private static QueueConsumer Consumer(IServiceProvider services, IMessageHandler handler) => new(
        handler,
        services.GetRequiredService<MessagingOptions>().For(handler.Queue),
        new LeaseStore(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<LocalConsumers>().Id),
        services.GetRequiredService<StuckHandlers>(),
        services.GetRequiredService<DeadLetterHooks>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<QueueConsumer>>());
}
