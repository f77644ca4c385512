using System.Globalization;
using System.Net;
using Npgsql;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Sessions;

/// <summary>
/// How often one may try. Counted before the password is looked at, in the database, so that neither instances nor
/// attempts side by side add up to more. One address at one account is stopped first; an account that many addresses
/// try is stopped for strangers only: from where its owner signed in of late, it still opens, so that nobody can lock
/// somebody else out.
/// </summary>
internal sealed class TakeAttempt(NpgsqlDataSource database)
{
    public const int MostOfPair = 10;
    public const int MostOfAccount = 50;
    public const int MostOfAddress = 100;

    private static readonly string Count = EngineSql.Of<TakeAttempt>("take-attempt.sql");

    private const string IsKnown =
        """
        select exists (
            select from users u
            join sessions s on s.user_id = u.id
            where (lower(u.email) = $1 or lower(u.username) = $1) and s.address_hash = $2
                and s.created_at > now() - interval '30 days')
        """;

    /// <summary>What an address is remembered by.</summary>
    public static byte[] HashOf(IPAddress? address) => FixedTime.Hash("address " + address);

    /// <summary>Null: go on. Else how long to wait.</summary>
    public async Task<TimeSpan?> RunAsync(string account, IPAddress? from, CancellationToken cancellationToken)
    {
        string name = account.ToLowerInvariant();
        byte[] pair = PairOf(name, from), whole = AccountOf(name), address = HashOf(from);
        Dictionary<string, (int Count, int Seconds)> counts = [];
        await using (NpgsqlCommand command = database.CreateCommand(Count))
        {
            command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [pair, whole, address] });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                counts[Convert.ToHexString(reader.GetFieldValue<byte[]>(0))] =
                    (reader.GetInt32(1), reader.GetInt32(2));
            }
        }

        if (Over(pair, MostOfPair) is { } wait) return wait;
        if (Over(address, MostOfAddress) is { } addressWait) return addressWait;
        return Over(whole, MostOfAccount) is { } accountWait && !await IsKnownAsync(name, address, cancellationToken)
            ? accountWait
            : null;

        TimeSpan? Over(byte[] key, int most) =>
            counts.TryGetValue(Convert.ToHexString(key), out (int Count, int Seconds) found) && found.Count > most
                ? TimeSpan.FromSeconds(Math.Max(1, found.Seconds))
                : null;
    }

    /// <summary>It was the right one: the account's slate is clean. The address's is not.</summary>
    public async Task ForgetAsync(string account, IPAddress? from, CancellationToken cancellationToken)
    {
        string name = account.ToLowerInvariant();
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from sign_in_attempts where key = $1 or key = $2")
            .With(PairOf(name, from)).With(AccountOf(name)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            delete from sign_in_attempts where key in (
                select key from sign_in_attempts where window_ends < now() - interval '1 hour'
                order by window_ends limit 100 for update skip locked)
            """));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static byte[] PairOf(string name, IPAddress? from) => FixedTime.Hash(
        string.Create(CultureInfo.InvariantCulture, $"pair {from} {name}"));

    private static byte[] AccountOf(string name) => FixedTime.Hash("account " + name);

    private async Task<bool> IsKnownAsync(string name, byte[] address, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(IsKnown).With(name).With(address));
        return (bool)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }
}
