using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
internal sealed class TakeAttempt(NpgsqlDataSource database, ApiOptions api)
{
    public const int MostOfPair = 10;
    public const int MostOfAccount = 50;
    public const int MostOfAddress = 100;
    private const int PrefixBytes = 8;

    // No user name has a space.
    private const string Nobody = " ";

    private static readonly string Count = EngineSql.Of<TakeAttempt>("take-attempt.sql");

    // Locked in the order in which they are counted: two at once do not wait for each other.
    private const string Forget =
        """
        with held as materialized (
            select a.key from sign_in_attempts a where a.key in ($1, $2, $3) order by a.key for update
        ),
        returned as (
            update sign_in_attempts a set count = a.count - 1 from held h
            where a.key = h.key and a.key = $3 and a.count > 0
        )
        delete from sign_in_attempts a using held h where a.key = h.key and a.key <> $3
        """;

    private const string IsKnown =
        """
        select exists (
            select from users u
            join sessions s on s.user_id = u.id
            where (lower(u.email) = $1 or lower(u.username) = $1) and s.address_hash = $2
                and s.created_at > now() - interval '30 days')
        """;

    // Behind one of these that does not say whom it brings, everybody has its address.
    private readonly IReadOnlyList<IPNetwork> _proxies = api.TrustedNetworks();

    /// <summary>What an address is remembered by.</summary>
    public static byte[] HashOf(IPAddress? address) => FixedTime.Hash("address " + PlaceOf(address));

    /// <summary>Null: go on. Else how long to wait.</summary>
    public async Task<TimeSpan?> RunAsync(string account, IPAddress? from, CancellationToken cancellationToken)
    {
        string name = account.ToLowerInvariant();
        byte[] pair = PairOf(name, from), whole = AccountOf(name), address = HashOf(from);
        byte[][] keys = IsOnesOwn(from) ? [pair, whole, address] : [pair, whole];
        Dictionary<string, (int Count, int Seconds)> counts = await CountAsync(keys, cancellationToken);
        if (Over(counts, pair, MostOfPair) is { } wait) return wait;
        if (Over(counts, address, MostOfAddress) is { } addressWait) return addressWait;
        return Over(counts, whole, MostOfAccount) is { } accountWait
            && !await IsKnownAsync(name, address, cancellationToken)
            ? accountWait
            : null;
    }

    /// <summary>Of somebody whose account is not known yet. Null: go on. Else how long to wait.</summary>
    public async Task<TimeSpan?> OfAddressAsync(IPAddress? from, CancellationToken cancellationToken)
    {
        if (!IsOnesOwn(from)) return null;
        byte[] address = HashOf(from);
        return Over(await CountAsync([address], cancellationToken), address, MostOfAddress);
    }

    /// <summary>It was right: the address gets this one back.</summary>
    public Task ForgetAddressAsync(IPAddress? from, CancellationToken cancellationToken) =>
        ForgetAsync(Nobody, from, cancellationToken);

    private async Task<Dictionary<string, (int Count, int Seconds)>> CountAsync(
        byte[][] keys, CancellationToken cancellationToken)
    {
        Dictionary<string, (int Count, int Seconds)> counts = [];
        await using NpgsqlCommand command = database.CreateCommand(Count);
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = keys });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[Convert.ToHexString(reader.GetFieldValue<byte[]>(0))] =
                (reader.GetInt32(1), reader.GetInt32(2));
        }

        return counts;
    }

    private static TimeSpan? Over(Dictionary<string, (int Count, int Seconds)> counts, byte[] key, int most) =>
        counts.TryGetValue(Convert.ToHexString(key), out (int Count, int Seconds) found) && found.Count > most
            ? TimeSpan.FromSeconds(Math.Max(1, found.Seconds))
            : null;

    /// <summary>
    /// It was the right one: the account's slate is clean. The address gets this one back and no more, or whoever has
    /// an account of their own would try others for ever.
    /// </summary>
    public async Task ForgetAsync(string account, IPAddress? from, CancellationToken cancellationToken)
    {
        string name = account.ToLowerInvariant();
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Forget)
            .With(PairOf(name, from)).With(AccountOf(name)).With(HashOf(from)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            delete from sign_in_attempts where key in (
                select key from sign_in_attempts where window_ends < now() - interval '1 hour'
                order by window_ends limit 100 for update skip locked)
            """));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static byte[] PairOf(string name, IPAddress? from) => FixedTime.Hash(
        string.Create(CultureInfo.InvariantCulture, $"pair {PlaceOf(from)} {name}"));

    /// <summary>Of IPv6 the network: whoever has one address of it has them all.</summary>
    private static IPAddress? PlaceOf(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true }) return address.MapToIPv4();
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 }) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes);
    }

    private static byte[] AccountOf(string name) => FixedTime.Hash("account " + name);

    private bool IsOnesOwn(IPAddress? address) => address is not null && !_proxies.Any(p => p.Contains(address));

    private async Task<bool> IsKnownAsync(string name, byte[] address, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(IsKnown).With(name).With(address));
        return (bool)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }
}
