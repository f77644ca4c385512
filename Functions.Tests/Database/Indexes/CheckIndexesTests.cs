using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Database.Indexes;
using Vellarys.Jobs;
using Vellarys.Storage;
using Vellarys.Storage.Schema;
using Vellarys.Tests.Jobs;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Database.Indexes;

public sealed class CheckIndexesTests : IAsyncLifetime
{
    private readonly Lines _log = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Indexes_AsMigrated_AreAllExpectedAndSound()
    {
        IReadOnlyList<IndexState> present = await new ReadIndexes(_database.App).RunAsync(default);
        string[] expected = [.. ExpectedIndex.All().Select(e => e.Name).Order(StringComparer.Ordinal)];
        IEnumerable<string> own = present.Where(p => !p.Table.StartsWith("messages_2", StringComparison.Ordinal))
            .Select(p => p.Name).Order(StringComparer.Ordinal);
        Assert.Equal(expected, own);
        Assert.All(present, p => Assert.True(p.IsSound, p.Name));
        Assert.Equal(JobOutcome.Done, await RunAsync(withOwner: true));
        Assert.Empty(_log.Errors);
        // A database born a second ago has used none of them yet, and that is nothing to report.
        Assert.Contains(_log.All, l => l.EndsWith("never used: none; half empty: none", Ordinal));
    }

    [Fact]
    public async Task IndexDropped_WithTheOwnersAddress_IsDetectedAndRebuilt()
    {
        string before = await DefinitionAsync("ix_conversations_open");
        await ExecuteAsync("drop index ix_conversations_open");
        Assert.Equal(JobOutcome.Done, await RunAsync(withOwner: true));
        Assert.Equal(before, await DefinitionAsync("ix_conversations_open"));
        Assert.Contains(_log.Errors, l => l.Contains("ix_conversations_open of conversations is missing", Ordinal));
        Assert.Contains(_log.All, l => l.Contains("ix_conversations_open was missing and is rebuilt", Ordinal));
    }

    [Fact]
    public async Task IndexInvalid_WithTheOwnersAddress_IsDetectedAndRebuilt()
    {
        await ExecuteAsync("update pg_index set indisvalid = false where indexrelid = 'receipts_pkey'::regclass");
        await ExecuteAsync("create index ix_queue_due_ccnew on queue_messages (queue)");
        await ExecuteAsync("update pg_index set indisvalid = false where indexrelid = 'ix_queue_due_ccnew'::regclass");
        Assert.Equal(JobOutcome.Done, await RunAsync(withOwner: true));
        IReadOnlyList<IndexState> after = await new ReadIndexes(_database.App).RunAsync(default);
        Assert.True(after.Single(i => i.Name == "receipts_pkey").IsSound);
        Assert.DoesNotContain(after, i => i.Name == "ix_queue_due_ccnew");
        Assert.Contains(_log.Errors, l => l.Contains("receipts_pkey of receipts is invalid", Ordinal));
    }

    [Fact]
    public async Task IndexOfNobodysMigration_Invalid_IsLeftToAPersonWithItsNameQuoted()
    {
        await ExecuteAsync("""create index "By hand" on queue_messages (queue)""");
        await ExecuteAsync("create index another_ccnew on queue_messages (queue)");
        await ExecuteAsync(
            """
            update pg_index set indisvalid = false
            where indexrelid in ('"By hand"'::regclass, 'another_ccnew'::regclass)
            """);
        Assert.Equal(JobOutcome.Failed, await RunAsync(withOwner: true));
        IReadOnlyList<IndexState> after = await new ReadIndexes(_database.App).RunAsync(default);
        Assert.False(after.Single(i => i.Name == "By hand").IsSound);
        Assert.False(after.Single(i => i.Name == "another_ccnew").IsSound);
        Assert.Contains(_log.Errors, l => l.Contains("REINDEX INDEX CONCURRENTLY public.\"By hand\"", Ordinal));
    }

    [Fact]
    public async Task IndexOfAPartition_Invalid_IsRebuilt()
    {
        string name = (string)(await ScalarAsync(
            """
            select min(c.relname::text) from pg_inherits h
            join pg_class c on c.oid = h.inhrelid
            where h.inhparent = 'ix_messages_lead_created'::regclass
            """))!;
        await ExecuteAsync($"update pg_index set indisvalid = false where indexrelid = '{name}'::regclass");
        Assert.Equal(JobOutcome.Done, await RunAsync(withOwner: true));
        Assert.True((await new ReadIndexes(_database.App).RunAsync(default)).Single(i => i.Name == name).IsSound);
    }

    [Fact]
    public async Task UniqueIndexMissing_RowsAreDoubleByNow_IsTriedAndLeftToAPerson()
    {
        await ExecuteAsync("drop index ix_teams_name");
        await ExecuteAsync(
            """
            with t as (insert into tenants (id, name) values (gen_random_uuid(), 'Loja') returning id)
            insert into teams (tenant_id, id, name)
            select t.id, gen_random_uuid(), 'Vendas' from t, generate_series(1, 2)
            """);
        Assert.Equal(JobOutcome.Failed, await RunAsync(withOwner: true));
        Assert.Contains(_log.Errors, l => l.Contains("ix_teams_name could not be rebuilt", Ordinal));
        Assert.Contains(_log.Errors, l => l.Contains("Index ix_teams_name needs the owner", Ordinal));
    }

    [Fact]
    public async Task IndexBroken_AsTheProductsRoleAlone_IsReportedWithItsStatementAndTheJobFails()
    {
        await ExecuteAsync("drop index ix_leads_phone");
        Assert.Equal(JobOutcome.Failed, await RunAsync(withOwner: false));
        const string statement =
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_leads_phone ON public.leads USING btree (phone) WHERE";
        Assert.Contains(_log.Errors, l => l.Contains(statement, Ordinal));
        JobState state = await new JobRuns(_database.App).ReadAsync(JobNames.CheckIndexes, default);
        Assert.Equal("index_broken", state.LastFailureCode);
    }

    [Fact]
    public async Task KeyOrPartitionedIndexMissing_EvenWithTheOwner_IsLeftToAPerson()
    {
        await ExecuteAsync("alter table team_members drop constraint team_members_pkey");
        await ExecuteAsync("drop index ix_messages_lead_created");
        Assert.Equal(JobOutcome.Failed, await RunAsync(withOwner: true));
        Assert.Contains(_log.Errors, l => l.Contains(
            "ALTER TABLE ONLY public.team_members ADD CONSTRAINT team_members_pkey PRIMARY KEY", Ordinal));
        Assert.Contains(
            _log.Errors, l => l.Contains("CREATE INDEX ix_messages_lead_created ON public.messages", Ordinal));
        // What it says to run, mends it.
        foreach (string line in _log.Errors.Where(l => l.Contains("needs the owner", Ordinal)).ToList())
            await ExecuteAsync(line[(line.IndexOf("tables: ", Ordinal) + "tables: ".Length)..]);
        Assert.Empty(IndexFaults.Of(ExpectedIndex.All(), await new ReadIndexes(_database.App).RunAsync(default)));
    }

    [Fact]
    public async Task SchemaOfAnotherRelease_IsNotTouched()
    {
        await ExecuteAsync("drop index ix_leads_phone");
        await ExecuteAsync("insert into schema_migrations (version, name, checksum) values (9999, 'later', '')");
        Assert.Equal(JobOutcome.Failed, await RunAsync(withOwner: true));
        Assert.Null(await ScalarAsync("select to_regclass('ix_leads_phone')::text"));
    }

    [Fact]
    public void Faults_IndexThatSomebodyBuildsJustNow_IsLeftAlone()
    {
        ExpectedIndex expected = new("a", "t", "CREATE INDEX a ON public.t USING btree (x)", false, false);
        IndexState building = new("a", "t", null, false, true, 0, 0, null);
        Assert.Empty(IndexFaults.Of([expected], [building]));
        Assert.Equal("invalid", Assert.Single(IndexFaults.Of([expected], [building with { IsBusy = false }])).Kind);
    }

    [Fact]
    public async Task Bloat_AfterDeletingNearlyAll_IsEstimated()
    {
        await ExecuteAsync("create table pile (id uuid primary key)");
        await ExecuteAsync("insert into pile select gen_random_uuid() from generate_series(1, 60000)");
        await ExecuteAsync("analyze pile");
        Assert.InRange(await BloatAsync() ?? 100, 0, 45);
        await ExecuteAsync("delete from pile where id::text > '1'");
        await ExecuteAsync("vacuum pile");
        Assert.InRange(await BloatAsync() ?? 0, 80, 100);

        async Task<int?> BloatAsync() => (await new ReadIndexes(_database.App).RunAsync(default))
            .Single(i => i.Name == "pile_pkey").BloatPercent;
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private async Task<JobOutcome> RunAsync(bool withOwner)
    {
        StorageOptions options = _database.Options();
        if (!withOwner) (options.Url, options.AppUrl) = ("", _database.ConnectionString());
        CheckIndexes job = new(
            new ReadIndexes(_database.App), new OwnerSession(options),
            new IndexMetrics(Instance.Meters(), TimeProvider.System), _log);
        return (await Instance.Of(_database.App, job).RunAsync(JobNames.CheckIndexes, false, default)).Outcome;
    }

    private async Task<string> DefinitionAsync(string index) =>
        (string)(await ScalarAsync($"select pg_get_indexdef('{index}'::regclass)"))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = _database.Owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? value : null;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _database.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Lines : ILogger<CheckIndexes>
    {
        public List<string> All { get; } = [];

        public IEnumerable<string> Errors => All.Where(l => l.StartsWith("Error", Ordinal));

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => All.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
