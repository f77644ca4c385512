using Npgsql;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class SmokeTests
{
    [Fact]
    public async Task Create_Works()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await using NpgsqlCommand c = db.App.CreateCommand("select current_user || current_setting('statement_timeout')");
        Assert.Equal("vellarys_app1min", await c.ExecuteScalarAsync());
    }
}
