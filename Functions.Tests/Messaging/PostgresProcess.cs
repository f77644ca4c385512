using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Postgres;
using Vellarys.Storage;

namespace Vellarys.Tests.Messaging;

/// <summary>
/// A process with consumers, composed as a host composes it, with a pool and a listening session of its own.
/// </summary>
internal sealed class PostgresProcess : IQueueProcess
{
    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _pool;
    private readonly ListenSource _listen;
    private readonly StorageOptions _storage;
    private bool _isOver;

    private PostgresProcess(
        StorageOptions storage, QueueOptions? options, int poolSize, IEnumerable<IMessageHandler> handlers)
    {
        NpgsqlConnectionStringBuilder pool = Connections.App(storage);
        (pool.MaxPoolSize, pool.Timeout) = (poolSize, 2);
        _pool = NpgsqlDataSource.Create(pool);
        _listen = StorageSetup.Listening(storage);
        _storage = storage;
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(_pool);
        services.AddMessaging(QueueSettings.Of(options));
        foreach (IMessageHandler handler in handlers)
        {
            services.AddSingleton(handler);
            if (handler is IDeadLetterHook hook) services.AddSingleton(hook);
        }

        services.AddSingleton(_listen);
        services.AddQueueConsumers();
        _services = services.BuildServiceProvider();
    }

    public IMessageQueue Queue => _services.GetRequiredService<IMessageQueue>();

    public IOutbox Outbox => _services.GetRequiredService<IOutbox>();

    public DeadLetters DeadLetters => _services.GetRequiredService<DeadLetters>();

    public QueueStats Stats => _services.GetRequiredService<QueueStats>();

    public NpgsqlDataSource Pool => _pool;

    public Guid Id => _services.GetRequiredService<LocalConsumers>().Id;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<PostgresProcess> StartAsync(
        StorageOptions storage, QueueOptions? options = null, int poolSize = 10, params IMessageHandler[] handlers)
    {
        PostgresProcess process = new(storage, options, poolSize, handlers);
        await process._services.GetRequiredService<QueueConsumers>().StartAsync(default);
        return process;
    }

    public async Task StopAsync()
    {
        if (_isOver) return;
        _isOver = true;
        await _services.GetRequiredService<QueueConsumers>().StopAsync(default);
    }

    /// <summary>Its connections break and it gets no new ones: it can neither settle, renew nor clean up.</summary>
    public async Task KillAsync()
    {
        _isOver = true;
        await _pool.DisposeAsync();
        await _listen.DisposeAsync();
        await using NpgsqlDataSource other = NpgsqlDataSource.Create(Connections.Owner(_storage));
        await using NpgsqlCommand kill = other.CreateCommand(
            "select count(pg_terminate_backend(backend_pid)) from queue_consumers where id = $1");
        kill.Parameters.Add(new() { Value = Id });
        await kill.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
        await _listen.DisposeAsync();
    }
}
