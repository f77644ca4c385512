using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Secrets;
using Vellarys.Storage.Directories;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Accounts;

public sealed class DirectoryTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestDatabase _database = null!;
    private NpgsqlDataSource _app = null!;
    private TenantDirectory _tenants = null!;
    private ChannelDirectory _channels = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        // A pool of its own, so that a test can take it away.
        _app = NpgsqlDataSource.Create(_database.ConnectionString());
        _tenants = new TenantDirectory(_app, _time, NullLogger<TenantDirectory>.Instance);
        _channels = new ChannelDirectory(
            _app, SecretBox.WithoutKeys, _time, NullLogger<ChannelDirectory>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task FindAsync_ChannelCreated_IsFoundByIdAndAddress()
    {
        NewChannel channel = await AddChannelAsync();
        Channel expected = (await _channels.FindAsync(channel.Id, default))!;
        Assert.Equal(
            (channel.Tenant, channel.Id, "meta-cloud", channel.Address),
            (expected.Tenant, expected.Id, expected.Kind, expected.Address));
        Assert.Equal(("token", "verify", true), (expected.AccessToken, expected.VerifyToken, expected.Active));
        Assert.Equal(["s1", "s2"], expected.WebhookSecrets);
        Assert.Equal(channel.Id, (await _channels.FindAsync("meta-cloud", channel.Address, default))!.Id);
        Assert.Null(await _channels.FindAsync("sandbox", channel.Address, default));
    }

    // A cold start asks for every tenant and number at once, before it takes a request.
    [Fact]
    public async Task HostStart_OnceItIsOver_NobodyIsAskedForAnyTenantOrNumber()
    {
        NewChannel channel = await AddChannelAsync();
        using DirectoryRefresh warmUp = new([_tenants, _channels], _time, NullLogger<DirectoryRefresh>.Instance);

        await warmUp.StartAsync(default);
        await CutOffAsync();

        Assert.NotNull(await _channels.FindAsync("meta-cloud", channel.Address, default));
        Assert.NotNull(await _tenants.FindAsync(channel.Tenant, default));
        await warmUp.StopAsync(default);
    }

    [Fact]
    public async Task FindAsync_DatabaseGone_ServesWhatItHasSeen()
    {
        NewChannel channel = await AddChannelAsync();
        await _channels.RefreshAsync();
        await _tenants.RefreshAsync();
        await CutOffAsync();

        Assert.NotNull(await _channels.FindAsync(channel.Id, default));
        Assert.NotNull(await _channels.FindAsync("meta-cloud", channel.Address, default));
        Assert.NotNull(await _tenants.FindAsync(channel.Tenant, default));
        Assert.Single(await _tenants.AllAsync(default));

        // Not even a failed refresh or an invalidation takes it away.
        await Assert.ThrowsAsync<TransientFault>(_channels.RefreshAsync);
        _channels.Invalidate();
        _tenants.Invalidate();
        Assert.NotNull(await _channels.FindAsync(channel.Id, default));
        Assert.NotNull(await _tenants.FindAsync(channel.Tenant, default));
    }

    [Fact]
    public async Task FindAsync_UnseenWhileDatabaseGone_IsAFaultAndNoAbsence()
    {
        NewChannel channel = await AddChannelAsync(invalidate: false);
        await CutOffAsync();
        await Assert.ThrowsAsync<TransientFault>(async () => await _channels.FindAsync(channel.Id, default));
        await BackAsync();
        Assert.NotNull(await _channels.FindAsync(channel.Id, default));
    }

    [Fact]
    public async Task FindAsync_Missing_IsRememberedForFiveSeconds()
    {
        await _channels.RefreshAsync();
        Assert.Null(await _channels.FindAsync("meta-cloud", "777", default));
        await InsertAsync(NewChannel("777"));

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(await _channels.FindAsync("meta-cloud", "777", default));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(await _channels.FindAsync("meta-cloud", "777", default));
    }

    [Fact]
    public async Task FindAsync_MissingWhileDatabaseGone_IsAnsweredFromMemory()
    {
        await _channels.RefreshAsync();
        Assert.Null(await _channels.FindAsync("meta-cloud", "777", default));
        await CutOffAsync();
        Assert.Null(await _channels.FindAsync("meta-cloud", "777", default));
    }

    [Fact]
    public async Task Invalidate_AfterAChange_ShowsItAtOnce()
    {
        NewChannel channel = await AddChannelAsync();
        Assert.True((await _channels.FindAsync(channel.Id, default))!.Active);
        await _channels.RefreshAsync();
        await ExecuteAsync("update channels set status = 'stopped', access_token = 'new'");
        Assert.Equal("token", (await _channels.FindAsync(channel.Id, default))!.AccessToken);

        _channels.Invalidate();
        Channel? changed = await _channels.FindAsync(channel.Id, default);
        Assert.Equal(("new", false), (changed!.AccessToken, changed.Active));
    }

    [Fact]
    public async Task Invalidate_ChannelDeleted_IsGone()
    {
        NewChannel channel = await AddChannelAsync();
        await _channels.RefreshAsync();
        await ExecuteAsync("delete from channels");
        _channels.Invalidate();
        Assert.Null(await _channels.FindAsync(channel.Id, default));
    }

    [Fact]
    public async Task FindAsync_ManyAtOnceWithoutWarmUp_AllFind()
    {
        NewChannel channel = await AddChannelAsync();
        Channel?[] found = await Task.WhenAll(
            Enumerable.Range(0, 500).Select(_ => _channels.FindAsync(channel.Id, default).AsTask()));
        Assert.All(found, Assert.NotNull);
    }

    [Fact]
    public async Task TenantSettings_AbsentKeys_TakeTheirDefaults()
    {
        var tenant = new TenantId(Ids.New(TimeProvider.System));
        await ExecuteAsync(
            """insert into tenants (id, name, settings) values (@id, 'Loja', '{"quietMs": 0, "other": [1]}')""",
            new { id = tenant.Value });
        Tenant found = (await _tenants.FindAsync(tenant, default))!;
        Assert.Equal(new TenantSettings { QuietMs = 0 }, found.Settings);
        Assert.Equal(("Loja", "pt-BR", "America/Sao_Paulo"), (found.Name, found.Locale, found.TimeZone));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"quietMs": "soon"}""")]
    [InlineData("""{"prompt": null, "quietMs": 1e99}""")]
    public async Task TenantSettings_Unreadable_CostNobodyElseTheirs(string settings)
    {
        await ExecuteAsync(
            """
            insert into tenants (id, name, settings)
            values ('00000000-0000-7000-8000-000000000001', 'a', @settings::jsonb),
                ('00000000-0000-7000-8000-000000000002', 'b', '{"botAttempts": 9}')
            """,
            new { settings });
        IReadOnlyList<Tenant> all = await _tenants.AllAsync(default);
        Assert.Equal([new TenantSettings(), new TenantSettings { BotAttempts = 9 }], all.Select(t => t.Settings));
    }

    [Fact]
    public void TenantSettings_NestedAbsentKeys_TakeTheirDefaults()
    {
        TenantSettings read = JsonSerializer.Deserialize(
            """
            {"handoff": {"maxOffers": 1}, "survey": {"kind": "nps"},
             "reengagement": {"enabled": true, "stages": [{"afterMinutes": 30}, {"template": "volte"}]}}
            """,
            TenantJson.Default.TenantSettings)!;
        Assert.Equal(
            new TenantSettings
            {
                Handoff = new HandoffSettings { MaxOffers = 1 },
                Survey = new SurveySettings { Kind = "nps" },
                Reengagement = new ReengagementSettings
                {
                    Enabled = true,
                    Stages = [new() { AfterMinutes = 30 }, new() { AfterMinutes = 1_440, Template = "volte" }],
                },
            },
            read);
        Assert.Equal(
            (60, 60, 5, 480, 80, 72, 4, "20:00", "08:00", "pt_BR", 5, 48, "pt_BR"),
            (read.Handoff.OfferSeconds, read.Handoff.RetrySeconds, read.Handoff.FirstResponseMinutes,
                read.Handoff.ResolutionMinutes, read.Handoff.WarnAtPercent, read.Handoff.MaxHoursInQueue,
                read.Reengagement.MaxPerMonth, read.Reengagement.QuietFrom, read.Reengagement.QuietUntil,
                read.Reengagement.TemplateLanguage, read.Survey.DelayMinutes, read.Survey.ExpireHours,
                read.Survey.TemplateLanguage));
    }

    [Fact]
    public void TenantSettings_Stages_AreFourAndTheLastTwoWantATemplate()
    {
        TenantSettings read = JsonSerializer.Deserialize("{}", TenantJson.Default.TenantSettings)!;
        Assert.Equal([240, 1_200, 4_320, 10_080], read.Reengagement.Stages.Select(s => s.AfterMinutes));
        Assert.All(read.Reengagement.Stages, s => Assert.True(s.Template is null && s.Text is null));
        string written = JsonSerializer.Serialize(read, TenantJson.Default.TenantSettings);
        Assert.Contains("\"survey\":{\"kind\":\"off\",\"delayMinutes\":5,", written, StringComparison.Ordinal);
        Assert.Equal(read, JsonSerializer.Deserialize(written, TenantJson.Default.TenantSettings));
    }

    [Theory]
    [InlineData("5", "America/Sao_Paulo")]
    [InlineData("{}", "America/Sao_Paulo")]
    [InlineData("""{"days": []}""", "America/Sao_Paulo")]
    [InlineData("""{"days": {"mon": ["8-12"]}}""", "America/Sao_Paulo")]
    [InlineData("""{"days": {"mon": []}}""", "Mars/Olympus")]
    public async Task TenantHours_Unreadable_AreAlwaysOpenAndSaidOnce(string hours, string timeZone)
    {
        await ExecuteAsync(
            """
            insert into tenants (id, name, time_zone, settings)
            values ('00000000-0000-7000-8000-000000000001', 'a', @timeZone,
                jsonb_build_object('botAttempts', 9, 'hours', @hours::jsonb))
            """,
            new { hours, timeZone });
        var log = new CountingLogger<TenantDirectory>();
        var directory = new TenantDirectory(_database.App, TimeProvider.System, log);
        await directory.RefreshAsync();
        await directory.RefreshAsync();

        Tenant found = Assert.Single(await directory.AllAsync(default));
        Assert.True(found.WorkingHours.IsAlways);
        Assert.Equal(new TenantSettings { BotAttempts = 9 }, found.Settings);
        Assert.Equal(1, log.Count);
    }

    [Fact]
    public async Task TenantHours_Stored_AreKeptInItsTimeZoneAndAnAgentMayHaveOthers()
    {
        await ExecuteAsync(
            """
            insert into tenants (id, name, time_zone, settings)
            values ('00000000-0000-7000-8000-000000000001', 'a', 'America/Manaus',
                '{"hours": {"days": {"mon": ["08:00-12:00"]}}}')
            """);
        Tenant found = Assert.Single(await _tenants.AllAsync(default));
        var eight = new DateTimeOffset(2026, 11, 16, 8, 0, 0, TimeSpan.FromHours(-4));
        Assert.Equal(eight, found.WorkingHours.NextOpening(eight.AddHours(-1)));
        Assert.Equal(eight, found.WorkingHoursOf(null).NextOpening(eight.AddHours(-1)));
        Assert.Equal(
            eight.AddHours(1),
            found.WorkingHoursOf("""{"days": {"mon": ["09:00-10:00"]}}""").NextOpening(eight.AddHours(-1)));
    }

    [Fact]
    public async Task AllAsync_SuspendedTenant_IsFoundButNotListed()
    {
        NewChannel channel = await AddChannelAsync();
        await ExecuteAsync("update tenants set status = 'suspended'");
        Assert.Empty(await _tenants.AllAsync(default));
        Assert.NotNull(await _tenants.FindAsync(channel.Tenant, default));
        Assert.Equal([channel.Tenant], await _tenants.EveryIdAsync(default));
    }

    private async Task<NewChannel> AddChannelAsync(bool invalidate = true)
    {
        NewChannel channel = NewChannel("106540352242922");
        await InsertAsync(channel);
        if (invalidate) _channels.Invalidate();
        return channel;
    }

    private async Task InsertAsync(NewChannel channel)
    {
        var elsewhere = new ChannelDirectory(
            _database.App, SecretBox.WithoutKeys, _time, NullLogger<ChannelDirectory>.Instance);
        await new CreateTenant(_database.App, _tenants)
            .RunAsync(channel.Tenant, "Loja", "pt-BR", new TenantSettings(), default);
        var create = new CreateChannel(
            _database.App, elsewhere, SecretBox.WithoutKeys, TimeProvider.System);
        Assert.IsType<ChannelCreation.Created>(await create.RunAsync(channel, default));
    }

    private static NewChannel NewChannel(string address) => new(
        new TenantId(Ids.New(TimeProvider.System)), new ChannelId(Ids.New(TimeProvider.System)), "meta-cloud", address,
        "Vendas", "token", ["s1", "s2"], "verify");

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using NpgsqlConnection connection = await _database.Owner.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    /// <summary>Ends the application's sessions and lets it open no new ones.</summary>
    private async Task CutOffAsync()
    {
        await OnServerAsync($"alter database {_database.Name} with allow_connections false");
        await OnServerAsync(
            $"""
            select pg_terminate_backend(pid)
            from pg_stat_activity
            where datname = '{_database.Name}' and usename = 'vellarys_app'
            """);
    }

    private async Task BackAsync()
    {
        await OnServerAsync($"alter database {_database.Name} with allow_connections true");
        // PgBouncer goes on refusing for a moment, from memory.
        for (int attempt = 1; !await AnswersAsync() && attempt < 200; attempt++)
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using NpgsqlConnection connection = await _database.App.OpenConnectionAsync();
            await using NpgsqlCommand ask = new("select 1", connection);
            await ask.ExecuteScalarAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // An identifier cannot be a parameter; this one was made by the test.
    private static async Task OnServerAsync(string sql)
    {
        await using NpgsqlDataSource server = NpgsqlDataSource.Create(TestDatabase.Server().ConnectionString);
        await using NpgsqlCommand command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
