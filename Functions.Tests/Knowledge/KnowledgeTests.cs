using Npgsql;
using Vellarys.Knowledge;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Knowledge;

/// <summary>Documents in, passages out, on PostgreSQL under row-level security.</summary>
public sealed class KnowledgeTests : IAsyncLifetime
{
    private readonly TenantId _one = new(Ids.New(TimeProvider.System));
    private readonly TenantId _other = new(Ids.New(TimeProvider.System));
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await using NpgsqlCommand tenants = _database.Owner.CreateCommand(
            "insert into tenants (id, name) values ($1, 'Um'), ($2, 'Outro')");
        tenants.Parameters.AddWithValue(_one.Value);
        tenants.Parameters.AddWithValue(_other.Value);
        await tenants.ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => _database.DisposeAsync().AsTask();

    [Fact]
    public async Task Search_AnyWordOfTheQuestion_FindsTheBestFirst()
    {
        await AddAsync(_one, "Horário", "A loja abre de segunda a sexta, das 9h às 19h.");
        await AddAsync(_one, "Entrega", "Entregamos em Curitiba. A loja avisa o dia da entrega.");
        await AddAsync(_one, "Garantia", "Doze meses de garantia.");

        Assert.Equal(["Entrega", "Horário"], await TitlesAsync(_one, "vocês fazem entrega da loja em Curitiba?"));
        Assert.Equal(["Garantia"], await TitlesAsync(_one, "tem garantias?"));
        Assert.Empty(await TitlesAsync(_one, "bitcoin"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("??? !!!")]
    [InlineData("o a os de que")]
    [InlineData("' | & ! <-> :* ( \\ \"")]
    [InlineData("🙂")]
    public async Task Search_NothingToLookFor_FindsNothingAndDoesNotFail(string question)
    {
        await AddAsync(_one, "Horário", "A loja abre às 9h.");
        Assert.Empty(await TitlesAsync(_one, question));
    }

    [Fact]
    public async Task Search_AnyQuestion_GivesAtMostFour()
    {
        for (int i = 0; i < 9; i++) await AddAsync(_one, $"Sofá {i}", "Sofá de três lugares.");
        Assert.Equal(4, (await TitlesAsync(_one, "sofá")).Count);
    }

    [Fact]
    public async Task Search_AnotherTenantsDocuments_AreNotSeen()
    {
        await AddAsync(_other, "Segredo", "O preço de custo do sofá.");
        Assert.Empty(await TitlesAsync(_one, "preço do sofá"));
        Assert.Equal(["Segredo"], await TitlesAsync(_other, "preço do sofá"));
        // Naming another tenant in the question itself does not help either.
        Assert.Empty(await TitlesAsync(_one, "preço do sofá", asked: _other));
    }

    [Fact]
    public async Task Add_TheSameIdAgain_ReplacesItsPieces()
    {
        Guid id = Ids.New(TimeProvider.System);
        string[] chapters = [.. Enumerable.Range(0, 9).Select(i => $"Capítulo {i}. " + new string('z', 500))];
        string manual = string.Join("\n\n", chapters);
        Assert.Equal(new AddedDocument.Stored(9), await AddAsync(_one, "Manual", manual, id));
        Assert.Equal(new AddedDocument.Stored(9), await AddAsync(_one, "Manual", manual, id));
        Assert.Equal(9, await CountAsync());
        Assert.Equal(new AddedDocument.Stored(1), await AddAsync(_one, "Manual novo", "Capítulo único.", id));
        Assert.Equal(1, await CountAsync());
        Assert.Equal(["Manual novo"], await TitlesAsync(_one, "capítulo"));
    }

    [Fact]
    public async Task Add_TheSameIdAtOnce_LeavesOneVersionWhole()
    {
        Guid id = Ids.New(TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AddAsync(
            _one, $"Versão {i}", string.Join("\n\n", Enumerable.Repeat($"v{i} " + new string('q', 600), 3)), id)));
        await using NpgsqlCommand versions = _database.Owner.CreateCommand(
            """
            select count(*), count(distinct k.title), bool_and(k.title = d.title)
            from knowledge_chunks k
            join knowledge_documents d on d.tenant_id = k.tenant_id and d.id = k.document_id
            """);
        await using NpgsqlDataReader reader = await versions.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal((3L, 1L, true), (reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2)));
    }

    [Fact]
    public async Task Add_SameIdOfTwoTenants_StaysApart()
    {
        Guid id = Ids.New(TimeProvider.System);
        await AddAsync(_one, "Um", "Sofá.", id);
        await AddAsync(_other, "Outro", "Sofá.", id);
        Assert.Equal(["Um"], await TitlesAsync(_one, "sofá"));
        Assert.Equal(["Outro"], await TitlesAsync(_other, "sofá"));
    }

    [Theory]
    [InlineData("", "texto", "title_empty")]
    [InlineData("Título", " \n ", "text_empty")]
    public async Task Add_NothingToKeep_IsRefused(string title, string text, string code) =>
        Assert.Equal(code, Assert.IsType<AddedDocument.Refused>(await AddAsync(_one, title, text)).Code);

    [Fact]
    public async Task Add_TooLong_IsRefused()
    {
        string tooLong = new('x', AddDocument.MaxLength + 1);
        Assert.Equal("text_too_long", Assert.IsType<AddedDocument.Refused>(await AddAsync(_one, "T", tooLong)).Code);
        Assert.Equal("title_too_long", Assert.IsType<AddedDocument.Refused>(await AddAsync(_one, tooLong, "t")).Code);
    }

    // Under row-level security an index serves a condition only where it is leakproof; this one has to stay so.
    [Fact]
    public async Task Search_TenThousandPieces_IsServedByTheIndex()
    {
        await using (NpgsqlCommand fill = _database.Owner.CreateCommand(
            """
            with d as (
                insert into knowledge_documents (tenant_id, id, title) values ($1, $1, 'Doc') returning tenant_id)
            insert into knowledge_chunks (tenant_id, id, document_id, position, title, body)
            select d.tenant_id, gen_random_uuid(), d.tenant_id, n, 'Item ' || n, 'produto numero' || n
            from d, generate_series(1, 10000) n
            """))
        {
            fill.Parameters.AddWithValue(_one.Value);
            await fill.ExecuteNonQueryAsync();
        }

        await using (NpgsqlCommand analyze = _database.Owner.CreateCommand("analyze knowledge_chunks"))
            await analyze.ExecuteNonQueryAsync();
        await using NpgsqlBatch batch = _database.App.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(_one));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            explain (analyze, costs off, timing off)
            select title from knowledge_chunks where tenant_id = $1 and search @@ 'numero77 | numero5000'::tsquery
            """).With(_one.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        string plan = "";
        while (await reader.ReadAsync()) plan += reader.GetString(0) + "\n";
        Assert.Contains("ix_knowledge_chunks_search", plan, StringComparison.Ordinal);
    }

    private Task<AddedDocument> AddAsync(TenantId tenant, string title, string text, Guid? id = null) =>
        new AddDocument(_database.App, TimeProvider.System).RunAsync(
            tenant, id ?? Ids.New(TimeProvider.System), title, text, CancellationToken.None);

    private async Task<List<string>> TitlesAsync(TenantId tenant, string question, TenantId? asked = null)
    {
        await using NpgsqlBatch batch = _database.App.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select k.title from (values ($1::uuid, $2)) as q (tenant_id, question) cross join lateral ("
            + KnowledgeSearch.Sql + ") k").With((asked ?? tenant).Value).With(question));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        List<string> titles = [];
        while (await reader.ReadAsync()) titles.Add(reader.GetString(0));
        return titles;
    }

    private async Task<long> CountAsync()
    {
        await using NpgsqlCommand count = _database.Owner.CreateCommand("select count(*) from knowledge_chunks");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
