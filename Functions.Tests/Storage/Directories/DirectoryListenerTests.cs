using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Storage.Directories;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage.Directories;

/// <summary>
/// What another instance, or an operator at the database, changed is known here without anybody's asking.
/// </summary>
public sealed class DirectoryListenerTests
{
    [Fact]
    public async Task Change_ByAnybody_IsHeardOfByTheDirectoryOfThatTableOnly()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        using var tenants = new Heard("tenants");
        using var channels = new Heard("channels");
        using DirectoryListener listener = new(
            db.Listen, [tenants, channels], TimeProvider.System, NullLogger<DirectoryListener>.Instance);
        await listener.StartAsync(default);
        try
        {
            // At its start it renews everything.
            await tenants.WaitAsync();
            await channels.WaitAsync();

            TenantId id = new(Ids.New(TimeProvider.System));
            await RunAsync(db, "insert into tenants (id, name) values ($1, 'Aurora')", id.Value);
            await tenants.WaitAsync();
            await RunAsync(
                db,
                "insert into channels (tenant_id, id, kind, address) values ($1, gen_random_uuid(), 'sandbox', 'x')",
                id.Value);
            await channels.WaitAsync();
            await RunAsync(db, "update channels set access_token = 'x' where tenant_id = $1", id.Value);
            await channels.WaitAsync();
            Assert.Equal((2, 3), (tenants.Times, channels.Times));
        }
        finally
        {
            await listener.StopAsync(default);
        }
    }

    private static async Task RunAsync(TestDatabase db, string sql, Guid id)
    {
        await using NpgsqlCommand command = db.Owner.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Heard(string table) : IRefreshed, IDisposable
    {
        private readonly SemaphoreSlim _renewed = new(0);
        private int _times;

        public string Table => table;

        public int Times => Volatile.Read(ref _times);

        public void Invalidate()
        {
        }

        public Task RefreshAsync()
        {
            Interlocked.Increment(ref _times);
            _renewed.Release();
            return Task.CompletedTask;
        }

        public void Dispose() => _renewed.Dispose();

        public async Task WaitAsync() => Assert.True(await _renewed.WaitAsync(TimeSpan.FromMinutes(2)));
    }
}
