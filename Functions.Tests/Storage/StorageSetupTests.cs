using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class StorageSetupTests
{
    [Fact]
    public async Task Start_EmptyDatabase_IsMigratedBeforeOtherServicesStart()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        const string empty = "drop schema public cascade; create schema public";
        await using (NpgsqlCommand wipe = db.Owner.CreateCommand(empty)) await wipe.ExecuteNonQueryAsync();
        using IHost host = Host(
            db.ConnectionString(owner: true), services => services.AddHostedService<NeedsTheSchema>());
        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_NoAddress_SaysWhatIsMissing()
    {
        using IHost host = Host("", _ => { });
        OptionsValidationException error =
            await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("DATABASE_URL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_RunAgain_IsPreparedWhereTheSessionIsOurs()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(throughPgBouncer: false);
        await using NpgsqlConnection connection = await db.App.OpenConnectionAsync();
        for (int i = 0; i < 5; i++)
        {
            await using NpgsqlCommand command = new("select count(*) from contacts where id = $1", connection);
            command.Parameters.Add(new() { Value = Ids.New(TimeProvider.System) });
            await command.ExecuteScalarAsync();
        }

        await using NpgsqlCommand prepared = new(
            "select count(*) from pg_prepared_statements where statement like '%from contacts where id%'", connection);
        Assert.Equal(1L, await prepared.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Listen_WhateverIsInBetween_HearsWhatAPooledSessionNotifies(bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        await using NpgsqlConnection listening = await db.Listen.OpenAsync(default);
        List<string> heard = [];
        listening.Notification += (_, notification) => heard.Add(notification.Payload);
        await using (NpgsqlCommand listen = new("listen somewhere", listening)) await listen.ExecuteNonQueryAsync();
        await using (NpgsqlCommand notify = db.App.CreateCommand("select pg_notify('somewhere', 'hello')"))
            await notify.ExecuteNonQueryAsync();
        await listening.WaitAsync();
        Assert.Equal(["hello"], heard);
    }

    private static IHost Host(string url, Action<IServiceCollection> more)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
        [
            new("DATABASE_URL", url), new("Database:ConnectionBudget", "8"), new("Database:OpenTimeout", "00:01:00"),
        ]);
        builder.Services.AddStorage(builder.Configuration);
        more(builder.Services);
        return builder.Build();
    }

    private sealed class NeedsTheSchema(NpgsqlDataSource app) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await using NpgsqlCommand command = app.CreateCommand("select count(*) from messages");
            Assert.Equal(0L, await command.ExecuteScalarAsync(cancellationToken));
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
