using Npgsql;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class SmokeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_Works(bool bouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(bouncer);
        await using NpgsqlCommand c = db.App.CreateCommand("select current_user || current_setting('statement_timeout') || current_setting('application_name')");
        Assert.Equal("vellarys_app1minvellarys_api", await c.ExecuteScalarAsync());
    }
}
