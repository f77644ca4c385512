using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Database.Indexes;

/// <summary>
/// Each index that lists, searches and look-ups were promised is what PostgreSQL takes for a statement of the product:
/// the class's own text, in the product's role, on tables of a size at which a scan is no longer cheaper. A million
/// rows: <c>Benchmarks -- listings</c>.
/// </summary>
public sealed class IndexUseTests(IndexUseTests.Volume volume) : IClassFixture<IndexUseTests.Volume>
{
    public static TheoryData<string> AskedIndexes => [.. ProductStatements.Asked.Keys];

    public static TheoryData<string> KeptIndexes => [.. ProductStatements.Kept.Keys];

    [Theory]
    [MemberData(nameof(AskedIndexes))]
    public async Task Statement_AsACallerAsks_IsServedByIts(string index)
    {
        NpgsqlBatchCommand statement = ProductStatements.Asked[index](volume.Rows);
        string plan = await volume.PlanAsync(index, async connection =>
        {
            await using NpgsqlCommand explain = new("explain " + statement.CommandText, connection);
            foreach (NpgsqlParameter parameter in statement.Parameters) explain.Parameters.Add(parameter.Clone());
            return await Volume.LinesAsync(explain);
        });
        await volume.AssertUsedAsync(index, plan);
        // A list reads its page, never a table.
        Assert.DoesNotMatch("Seq Scan on (leads|contacts|conversations)", plan);
    }

    [Theory]
    [MemberData(nameof(KeptIndexes))]
    public async Task Statement_WithAPlanForAllValues_IsServedByIts(string index)
    {
        string plan = await volume.KeptPlanAsync(index, ProductStatements.Kept[index]());
        await volume.AssertUsedAsync(index, plan);
    }

    [Fact]
    public async Task QuotedMessage_IsFoundByItsExternalId()
    {
        string body = await volume.BodyOfAsync("quoted_message");
        string sql = body.Replace("= target", "= $1", StringComparison.Ordinal)
            .Replace("= tenant", "= $2", StringComparison.Ordinal)
            .Replace("= channel", "= $3", StringComparison.Ordinal);
        await volume.AssertUsedAsync(
            "ix_messages_external_id", await volume.KeptPlanAsync("ix_messages_external_id", sql));
    }

    [Fact]
    public async Task Licence_OfAServer_IsFoundByItsAddress()
    {
        string plan = await volume.PlanAsync("ix_licences_server", async connection =>
        {
            await using NpgsqlCommand explain = new("explain " + ProductStatements.Licences, connection)
            {
                Parameters =
                {
                    new() { Value = volume.Rows.Tenant.Value }, new() { Value = "10.0.7.7" }, new() { Value = true },
                },
            };
            return await Volume.LinesAsync(explain);
        }, "ux_licences_active");
        await volume.AssertUsedAsync("ix_licences_server", plan);
    }

    /// <summary>One database for all of these: they only read.</summary>
    public sealed class Volume : IAsyncLifetime
    {
        private static readonly string Seed = ReadSeed();
        private TestDatabase _db = null!;

        internal SeededRows Rows { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _db = await TestDatabase.CreateAsync();
            await using NpgsqlCommand seed = _db.Owner.CreateCommand(Seed);
            await seed.ExecuteNonQueryAsync();
            await using NpgsqlCommand rows = _db.Owner.CreateCommand(
                """
                select c.tenant_id, c.contact_id, c.lead_id, c.id, c.user_id, c.team_id, p.phone
                from conversations c
                join contacts p on p.id = c.contact_id
                where c.status = 'human' and c.tenant_id = (select id from tenants where name = 'Big')
                limit 1
                """);
            await using NpgsqlDataReader reader = await rows.ExecuteReaderAsync();
            await reader.ReadAsync();
            Rows = new SeededRows(
                new(reader.GetGuid(0)), reader.GetGuid(1), reader.GetGuid(2), reader.GetGuid(3), reader.GetGuid(4),
                reader.GetGuid(5), reader.GetString(6));
        }

        public async Task DisposeAsync() => await _db.DisposeAsync();

        internal static async Task<string> LinesAsync(NpgsqlCommand explain)
        {
            List<string> lines = [];
            await using NpgsqlDataReader reader = await explain.ExecuteReaderAsync();
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
            return string.Join('\n', lines);
        }

        /// <summary>As the product gets it, in its role and scope.</summary>
        internal async Task<string> PlanAsync(
            string index, Func<NpgsqlConnection, Task<string>> explain, params string[] aside)
        {
            await using NpgsqlConnection connection = await _db.Owner.OpenConnectionAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await PutAsideAsync(connection, [.. aside, .. ProductStatements.Twins.GetValueOrDefault(index, [])]);
            await using NpgsqlBatch scan = new(connection, transaction)
            {
                BatchCommands =
                {
                    new("select set_config('enable_seqscan', case when $1 then 'off' else 'on' end, true)"),
                },
            };
            scan.BatchCommands[0].Parameters.Add(new() { Value = index.EndsWith("_trgm", StringComparison.Ordinal) });
            await scan.ExecuteNonQueryAsync();
            await using NpgsqlBatch scope = new(connection, transaction)
            {
                BatchCommands = { new("set local role vellarys_app"), TenantScope.For(Rows.Tenant) },
            };
            await scope.ExecuteNonQueryAsync();
            return await explain(connection);
        }

        internal Task<string> KeptPlanAsync(string index, string sql) => PlanAsync(index, async connection =>
        {
            string name = "s" + Ids.New(TimeProvider.System).ToString("N");
            int parameters = System.Text.RegularExpressions.Regex.Matches(sql, @"\$(\d+)")
                .Max(m => int.Parse(m.Groups[1].ValueSpan, null));
            await using NpgsqlCommand prepare = new(
                $"set local plan_cache_mode = force_generic_plan; prepare {name} as {sql}", connection);
            await prepare.ExecuteNonQueryAsync();
            string values = string.Join(", ", Enumerable.Repeat("null", parameters));
            await using NpgsqlCommand explain = new($"explain execute {name}({values})", connection);
            return await LinesAsync(explain);
        });

        internal async Task AssertUsedAsync(string index, string plan)
        {
            await using NpgsqlCommand parts = _db.Owner.CreateCommand(
                "select relid::regclass::text from pg_partition_tree(to_regclass($1)) union select $1");
            parts.Parameters.Add(new() { Value = index });
            List<string> names = [];
            await using NpgsqlDataReader reader = await parts.ExecuteReaderAsync();
            while (await reader.ReadAsync()) names.Add(reader.GetString(0));
            Assert.True(names.Any(n => plan.Contains(n + " ", StringComparison.Ordinal)
                || plan.Contains(n + "\n", StringComparison.Ordinal)), $"{index} is not in\n{plan}");
        }

        internal async Task<string> BodyOfAsync(string function)
        {
            await using NpgsqlCommand body = _db.Owner.CreateCommand("select prosrc from pg_proc where proname = $1");
            body.Parameters.Add(new() { Value = function });
            return (string)(await body.ExecuteScalarAsync())!;
        }

        private static async Task PutAsideAsync(NpgsqlConnection connection, string[] indexes)
        {
            if (indexes.Length == 0) return;
            await using NpgsqlCommand hide = new(
                """
                update pg_index set indisvalid = false
                where indexrelid in (select relid from unnest($1) n, pg_partition_tree(to_regclass(n)))
                    or indexrelid in (select to_regclass(n) from unnest($1) n)
                """, connection);
            hide.Parameters.Add(new() { Value = indexes });
            await hide.ExecuteNonQueryAsync();
        }

        private static string ReadSeed()
        {
            using Stream stream = typeof(Volume).Assembly.GetManifestResourceStream(
                "Vellarys.Tests.Database.Indexes.volume.sql")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }
}
