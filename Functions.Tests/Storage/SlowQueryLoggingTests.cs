using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class SlowQueryLoggingTests
{
    [Fact]
    public async Task Statement_SlowerThanTheLimit_IsLoggedOnceWithoutItsValues()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        using Recorder recorder = new();
        await using NpgsqlDataSource source = Source(db, recorder, TimeSpan.FromMilliseconds(100));
        await using NpgsqlCommand slow = source.CreateCommand(
            """
            select pg_sleep(0.15),
                $1::text as secret, 'and a text that goes on for far longer than anyone wants to read in a log'
            """);
        slow.Parameters.Add(new() { Value = "s3cret" });
        await slow.ExecuteNonQueryAsync();
        await RunAsync(source, "select 1");

        string entry = Assert.Single(recorder.Entries);
        Assert.StartsWith("1001 Warning Vellarys.Storage.SlowQuery ", entry, StringComparison.Ordinal);
        Assert.Contains("select pg_sleep(0.15), $1::text as secret", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("wants to read", entry, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_SlowerThanTheLimit_IsNamedByWhatFollowsTheScope()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        using Recorder recorder = new();
        await using NpgsqlDataSource source = Source(db, recorder, TimeSpan.FromMilliseconds(100));
        await using NpgsqlBatch batch = source.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(new TenantId(Ids.New(TimeProvider.System))));
        batch.BatchCommands.Add(new("select pg_sleep(0.15)"));
        await batch.ExecuteNonQueryAsync();
        Assert.EndsWith(" ms: select pg_sleep(0.15)", Assert.Single(recorder.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_CancelledByTheServer_IsLoggedToo()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        using Recorder recorder = new();
        await using NpgsqlDataSource source = Source(db, recorder, TimeSpan.FromMilliseconds(100));
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        await RunAsync(connection, "set statement_timeout = '150ms'");
        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(connection, "select pg_sleep(70)"));
        Assert.EndsWith(" ms: select pg_sleep(70)", Assert.Single(recorder.Entries), StringComparison.Ordinal);
    }

    private static NpgsqlDataSource Source(TestDatabase db, Recorder recorder, TimeSpan limit)
    {
        StorageOptions options = db.Options();
        options.SlowQuery = limit;
        return StorageSetup.AppSource(options, recorder);
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Recorder : ILoggerFactory
    {
        public ConcurrentQueue<string> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Entries);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Logger(string category, ConcurrentQueue<string> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (category.StartsWith("Vellarys", StringComparison.Ordinal))
                entries.Enqueue($"{eventId.Id} {logLevel} {category} {formatter(state, exception)}");
        }
    }
}
