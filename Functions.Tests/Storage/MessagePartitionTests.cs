using Npgsql;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class MessagePartitionTests
{
    [Fact]
    public async Task Ensure_AsTheApp_MakesTheComingMonthsOnce()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        long before = await CountAsync(db);
        await CallAsync(db, 3);
        Assert.Equal(before, await CountAsync(db));
        await CallAsync(db, 8);
        Assert.Equal(before + 5, await CountAsync(db));
    }

    [Fact]
    public async Task Ensure_ManyAtOnce_Agree()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        long before = await CountAsync(db);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CallAsync(db, 12)));
        Assert.Equal(before + 9, await CountAsync(db));
    }

    [Theory]
    [InlineData("now()")]
    [InlineData("date_trunc('month', now() at time zone 'utc') at time zone 'utc'")]
    [InlineData("now() + interval '3 months'")]
    [InlineData("now() - interval '1 month'")]
    public async Task Message_OfTheMonthsAround_HasAPartitionUnderRowSecurity(string at)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        TenantRows rows = await TenantRows.CreateAsync(db);
        await rows.FillAsync(new TenantId(Ids.New(TimeProvider.System)));
        await using NpgsqlCommand move = db.Owner.CreateCommand(
            $"update messages set created_at = {at} returning tableoid::regclass::text like 'messages\\_2%'");
        Assert.Equal(true, await move.ExecuteScalarAsync());
    }

    private static async Task CallAsync(TestDatabase db, int months)
    {
        await using NpgsqlCommand call = db.App.CreateCommand("call ensure_message_partitions($1)");
        call.Parameters.Add(new() { Value = months });
        await call.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(TestDatabase db)
    {
        await using NpgsqlCommand count = db.Owner.CreateCommand(
            "select count(*) from pg_inherits where inhparent = 'messages'::regclass");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
