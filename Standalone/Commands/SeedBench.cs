using System.Globalization;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Standalone.Commands;

/// <summary>
/// The tenants of the load harness (Benchmarks/sut.json): BENCH_TENANTS of them, each with one Meta number and nothing
/// that waits on purpose.
/// </summary>
internal static class SeedBench
{
    private const int DefaultTenants = 10;

    public static async Task RunAsync()
    {
        await using WebApplication app = OneOff.Build();
        string? wanted = app.Configuration["BENCH_TENANTS"];
        int tenants = string.IsNullOrEmpty(wanted) ? DefaultTenants : int.Parse(wanted, CultureInfo.InvariantCulture);
        NpgsqlDataSource database = app.Services.GetRequiredService<NpgsqlDataSource>();
        await SeedAsync(database, tenants, app.Services.GetRequiredService<TimeProvider>());
    }

    internal static async Task SeedAsync(NpgsqlDataSource database, int tenants, TimeProvider time)
    {
        TenantId[] ids = [.. Enumerable.Range(0, tenants).Select(_ => new TenantId(Ids.New(time)))];
        Guid[] keys = [.. ids.Select(id => id.Value)];
        Guid[] channels = [.. ids.Select(_ => Ids.New(time))];
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(ids));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into tenants (id, name, settings)
            select id, 'Bench ' || number, jsonb_build_object('quietMs', 0, 'messagesPerMinute', 0,
                'unknownSendWaitMs', 2000, 'showsTyping', false, 'prompt', 'You answer for a shop.')
            from unnest($1::uuid[]) with ordinality as t (id, number)
            """) { Parameters = { new() { Value = keys } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into channels (tenant_id, id, kind, address, access_token)
            select tenant_id, channel_id, 'meta-cloud', (10000000000000 + number)::text, 'bench-token'
            from unnest($1::uuid[], $2::uuid[]) with ordinality as t (tenant_id, channel_id, number)
            """) { Parameters = { new() { Value = keys }, new() { Value = channels } } });
        await batch.ExecuteNonQueryAsync();
    }
}
