using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage.Schema;
using Vellarys.Tests.Channels;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>What an earlier release stored, and what it goes on storing while both run.</summary>
public sealed class IdentityMigrationTests
{
    private const int ThisMigration = 15;

    private const string Seed =
        """
        insert into tenants (id, name) values ('00000000-0000-7000-8000-00000000000a', 'Loja');
        insert into contacts (tenant_id, id, name, phone)
        select '00000000-0000-7000-8000-00000000000a', ('00000000-0000-7000-8000-0000000000' || n)::uuid, n, phone
        from (values ('01', '5215512345678'), ('02', '525512345678'), ('03', '541123456789'), ('04', '551132654321'))
            as c (n, phone);
        insert into identities (tenant_id, kind, value, contact_id) select tenant_id, 'phone', phone, id from contacts;
        insert into leads (tenant_id, id, contact_id, phone) select tenant_id, id, id, phone from contacts;
        """;

    [Fact]
    public async Task NumbersOfAnEarlierRelease_AreFoundInBothForms()
    {
        await using TestDatabase db = await BeforeAsync();
        await RunAsync(db, Seed);
        await MigrateAsync(db, int.MaxValue);

        Assert.Equal(
            "5215512345678:01 525512345678:02 541123456789:03 5491123456789:03 551132654321:04",
            await ScalarAsync(db, Identities));
        Assert.Equal("525512345678 525512345678 5491123456789 551132654321", await ScalarAsync(
            db, "select string_agg(phone, ' ' order by id) from contacts"));
        Assert.Equal("01-02", await ScalarAsync(db, Suggested));
    }

    [Fact]
    public async Task NumberThatAnEarlierReleaseStoresNow_IsFoundInBothForms()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await RunAsync(db, Seed);
        Assert.Equal(
            "5215512345678:01 525512345678:02 541123456789:03 5491123456789:03 551132654321:04",
            await ScalarAsync(db, Identities));
        Assert.Equal("01-02", await ScalarAsync(db, Suggested));
    }

    [Fact]
    public async Task CanonicalPhone_SaysWhatTheEngineSays()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        var random = new Random(7);
        string[] given =
        [
            .. BrazilianPerson.Generate(perArea: 20).SelectMany(p => p.Writings),
            .. Enumerable.Range(0, 4_000).Select(
                _ => (random.Next(4) switch { 0 => "55", 1 => "52", 2 => "54", _ => "521" })
                    + string.Concat(Enumerable.Range(0, random.Next(8, 13)).Select(_ => random.Next(10)))),
            "", "55", "16505551234",
        ];
        await using NpgsqlCommand command = db.Owner.CreateCommand(
            "select array(select canonical_phone(g) from unnest($1::text[]) with ordinality as x (g, n) order by n)");
        command.Parameters.Add(new NpgsqlParameter { Value = given });
        Assert.Equal(given.Select(PhoneNumbers.Canonical), (string[])(await command.ExecuteScalarAsync())!);
    }

    private const string Identities =
        """
        select string_agg(i.value || ':' || right(i.contact_id::text, 2), ' ' order by i.value, i.contact_id)
        from identities i
        """;

    private const string Suggested =
        """
        select string_agg(right(contact_id::text, 2) || '-' || right(other_contact_id::text, 2), ' ')
        from identity_merge_suggestions
        """;

    private static async Task<TestDatabase> BeforeAsync()
    {
        TestDatabase db = await TestDatabase.CreateAsync();
        await RunAsync(db, "drop schema public cascade; create schema public; grant usage on schema public to public;");
        await MigrateAsync(db, ThisMigration - 1);
        return db;
    }

    private static Task MigrateAsync(TestDatabase db, int upTo)
    {
        IReadOnlyList<Migration> all =
            [.. Migration.Embedded(typeof(Migrator).Assembly).Where(m => m.Version <= upTo)];
        return new Migrator(db.Options(), all, TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default);
    }

    private static async Task RunAsync(TestDatabase db, string sql)
    {
        await using NpgsqlCommand command = db.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(TestDatabase db, string sql)
    {
        await using NpgsqlCommand command = db.Owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
