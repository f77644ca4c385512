using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Secrets;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Accounts;

public sealed class ProvisioningTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private CreateTenant _createTenant = null!;
    private CreateChannel _createChannel = null!;
    private TenantDirectory _tenants = null!;
    private ChannelDirectory _channels = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _tenants = new TenantDirectory(_database.App, TimeProvider.System, NullLogger<TenantDirectory>.Instance);
        _channels = new ChannelDirectory(
            _database.App, SecretBox.WithoutKeys, TimeProvider.System, NullLogger<ChannelDirectory>.Instance);
        _createTenant = new CreateTenant(_database.App, _tenants);
        _createChannel = new CreateChannel(
            _database.App, _channels, SecretBox.WithoutKeys, TimeProvider.System);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task CreateTenant_Twice_KeepsTheFirst()
    {
        TenantId id = NewTenant();
        var settings = new TenantSettings { Prompt = "Móveis", QuietMs = 0 };
        Assert.True(await _createTenant.RunAsync(id, "Loja", "pt-BR", settings, default));
        Assert.False(await _createTenant.RunAsync(id, "Outra", "es", new TenantSettings(), default));
        Tenant found = (await _tenants.FindAsync(id, default))!;
        Assert.Equal(("Loja", "pt-BR", settings), (found.Name, found.Locale, found.Settings));
    }

    [Fact]
    public async Task CreateChannel_AfterAMiss_IsFoundAtOnce()
    {
        NewChannel channel = await WithTenantAsync("100");
        Assert.Null(await _channels.FindAsync(channel.Id, default));
        Assert.IsType<ChannelCreation.Created>(await _createChannel.RunAsync(channel, default));
        Assert.NotNull(await _channels.FindAsync(channel.Id, default));
    }

    [Fact]
    public async Task CreateChannel_Twice_KeepsTheFirst()
    {
        NewChannel channel = await WithTenantAsync("100");
        Assert.IsType<ChannelCreation.Created>(await _createChannel.RunAsync(channel, default));
        NewChannel again = channel with { AccessToken = "other" };
        Assert.IsType<ChannelCreation.Existed>(await _createChannel.RunAsync(again, default));
        Assert.Equal("token", (await _channels.FindAsync(channel.Id, default))!.AccessToken);
    }

    [Fact]
    public async Task CreateChannel_SomebodyElsesNumberOrId_IsRefused()
    {
        NewChannel channel = await WithTenantAsync("100");
        await _createChannel.RunAsync(channel, default);
        NewChannel sameNumber = await WithTenantAsync("100");
        Assert.Equal(new ChannelCreation.Refused("taken"), await _createChannel.RunAsync(sameNumber, default));
        NewChannel sameId = await WithTenantAsync("200") with { Id = channel.Id };
        Assert.Equal(new ChannelCreation.Refused("taken"), await _createChannel.RunAsync(sameId, default));
        await using NpgsqlConnection connection = await _database.Owner.OpenConnectionAsync();
        Assert.Equal(1, await connection.QuerySingleAsync<int>("select count(*)::int from channels"));
    }

    [Fact]
    public async Task CreateChannel_ManyAtOnce_IsOneChannel()
    {
        NewChannel channel = await WithTenantAsync("100");
        ChannelCreation[] all = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => _createChannel.RunAsync(channel, default)));
        Assert.Single(all.OfType<ChannelCreation.Created>());
        Assert.Equal(7, all.OfType<ChannelCreation.Existed>().Count());
    }

    [Fact]
    public void ToString_Secrets_AreLeftOut()
    {
        NewChannel channel = Channel(NewTenant(), "100");
        Assert.DoesNotContain("token", channel.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s1", channel.ToString(), StringComparison.Ordinal);
    }

    private async Task<NewChannel> WithTenantAsync(string address)
    {
        TenantId tenant = NewTenant();
        await _createTenant.RunAsync(tenant, "Loja", "pt-BR", new TenantSettings(), default);
        return Channel(tenant, address);
    }

    private static TenantId NewTenant() => new(Ids.New(TimeProvider.System));

    private static NewChannel Channel(TenantId tenant, string address) => new(
        tenant, new ChannelId(Ids.New(TimeProvider.System)), "meta-cloud", address, "Vendas", "token", ["s1"],
        "verify");
}
