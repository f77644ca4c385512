using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Vellarys.Intake;
using Vellarys.Messaging;
using Vellarys.Secrets;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class ChannelsSetupTests
{
    [Fact]
    public void Options_NothingSet_TakeTheDefaults()
    {
        MetaCloudOptions options = Read();
        Assert.Equal("https://graph.facebook.com/v25.0", options.BaseUrl);
        Assert.Equal(TimeSpan.FromSeconds(15), options.SendTimeout);
        Assert.Empty(options.AppSecrets);
        Assert.Equal("", options.VerifyToken);
    }

    [Theory]
    [InlineData("META_APP_SECRET=a, b", "a|b")]
    [InlineData("APP_SECRET=a", "a")]
    [InlineData("APP_SECRET=a;META_APP_SECRET=b", "b")]
    [InlineData("META_APP_SECRET=b;MetaCloud:AppSecrets:0=c;MetaCloud:AppSecrets:1=d", "c|d")]
    [InlineData("MetaCloud:AppSecrets=c,d", "c|d")]
    [InlineData("META_APP_SECRET= ;APP_SECRET=a", "a")]
    public void Options_Secrets_ComeFromTheSectionOrTheEnvironment(string settings, string expected) =>
        Assert.Equal(expected, string.Join('|', Read(settings).AppSecrets));

    [Fact]
    public void Options_Environment_NamesTokenAndAddress()
    {
        MetaCloudOptions options = Read("VERIFY_TOKEN=v;PROVIDER_BASE_URL=http://127.0.0.1:4011/v21.0/");
        Assert.Equal(("v", "http://127.0.0.1:4011/v21.0"), (options.VerifyToken, options.BaseUrl));
    }

    [Fact]
    public void Options_SeveralMistakes_AreAllNamed()
    {
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(
            () => Read("PROVIDER_BASE_URL=graph;MetaCloud:SendTimeout=-00:00:01;MetaCloud:MaxConnections=0"));
        Assert.Equal(4, e.Failures.Count());
    }

    [Fact]
    public async Task Setup_HostStarts_DirectoriesAreFilled()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton(database.App);
        builder.Services.AddSingleton<IMessageQueue, NoQueue>();
        builder.Services.AddSecrets(builder.Configuration);
        builder.Services.AddAccounts().AddChannels(builder.Configuration).AddWebhooks();
        using IHost host = builder.Build();
        var tenant = new TenantId(Ids.New(TimeProvider.System));
        var channel = new ChannelId(Ids.New(TimeProvider.System));
        await host.Services.GetRequiredService<CreateTenant>()
            .RunAsync(tenant, "Loja", "pt-BR", new TenantSettings(), default);
        await host.Services.GetRequiredService<CreateChannel>().RunAsync(
            new NewChannel(tenant, channel, "sandbox", "demo", "Demo", "", ["t"], ""), default);
        Assert.Equal(
            ["360dialog", "evolution", "meta-cloud", "sandbox", "uazapi", "z-api"],
            host.Services.GetServices<IProvider>().Select(c => c.Kind).Order(StringComparer.Ordinal));
        Assert.NotNull(host.Services.GetRequiredService<AcceptWebhook>());

        await host.StartAsync();
        await database.App.DisposeAsync();
        Assert.NotNull(await host.Services.GetRequiredService<IChannelDirectory>().FindAsync(channel, default));
        Assert.NotNull(await host.Services.GetRequiredService<ITenantDirectory>().FindAsync(tenant, default));
        await host.StopAsync();
    }

    [Fact]
    public async Task Setup_HostStartsWithoutDatabase_StillStarts()
    {
        await using NpgsqlDataSource nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Timeout=1");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton(nowhere);
        builder.Services.AddSecrets(builder.Configuration).AddAccounts().AddChannels(builder.Configuration);
        using IHost host = builder.Build();
        await host.StartAsync();
        await Assert.ThrowsAsync<TransientFault>(async () =>
            await host.Services.GetRequiredService<IChannelDirectory>().FindAsync("meta-cloud", "1", default));
        await host.StopAsync();
    }

    private static MetaCloudOptions Read(string settings = "") => MetaCloudOptions.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('=', 2)).Select(p => KeyValuePair.Create<string, string?>(p[0], p[1])))
        .Build());

    private sealed class NoQueue : IMessageQueue
    {
        public Task SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }
}
