using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using StackExchange.Redis;
using Vellarys.Caching;

namespace Vellarys.Functions.Redis;

/// <summary>
/// Values that all instances share: one MGET a read, one SET a write, and every key ends by itself. An entry carries
/// the generation that it was computed in, so that an invalidation is one key, whatever it covers. Redis may evict that
/// key like any other: a generation then begins, and older entries are not found again.
/// </summary>
internal sealed class RedisCacheStore(RedisConnection redis, RedisKeys keys, TimeProvider time) : ICacheStore
{
    private const string Operation = "cache";
    private const string Away = "";

    // Longer than any entry lives, so that its end costs next to no reads; what it had is not found in the next one.
    private static readonly TimeSpan GenerationLife = TimeSpan.FromDays(1);

    // What could not be invalidated while Redis was away, to be made up for before this instance reads it again.
    private const int MaxOwed = 10_000;
    private readonly ConcurrentDictionary<(CacheNamespace, TenantId), bool> _owed = new();

    public async ValueTask<CacheRead> ReadAsync(CacheKey key, CancellationToken cancellationToken)
    {
        if (!_owed.IsEmpty && _owed.ContainsKey((key.Namespace, key.Tenant)))
        {
            await InvalidateAsync(key.Namespace, key.Tenant, cancellationToken);
            return CacheRead.Miss(Away);
        }

        RedisKey[] both = [keys.Generation(key.Tenant, key.Namespace.Name), Entry(key)];
        RedisAnswer<RedisValue[]> answer = await redis.TryAsync(Operation, database => database.StringGetAsync(both));
        if (!answer.Answered) return CacheRead.Miss(Away);
        if (answer.Value![0].IsNull) return CacheRead.Miss(await FirstAsync(both[0]));
        return Read(answer.Value[0].ToString(), (byte[]?)answer.Value[1]);
    }

    public async ValueTask WriteAsync(
        CacheKey key, string generation, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        if (generation == Away) return;
        byte[] bytes = Write(generation, time.GetUtcNow() + ttl, value.Span);
        await redis.TryAsync(Operation, database => database.StringSetAsync(Entry(key), bytes, ttl));
    }

    public async ValueTask DeleteAsync(CacheKey key, CancellationToken cancellationToken) =>
        await redis.TryAsync(Operation, database => database.KeyDeleteAsync(Entry(key)));

    public async ValueTask InvalidateAsync(CacheNamespace space, TenantId tenant, CancellationToken cancellationToken)
    {
        RedisKey key = keys.Generation(tenant, space.Name);
        RedisAnswer<bool> answer = await redis.TryAsync(
            Operation, database => database.StringSetAsync(key, NewName(), GenerationLife));
        if (answer.Answered) _owed.TryRemove((space, tenant), out _);
        else if (_owed.Count < MaxOwed) _owed[(space, tenant)] = true;
    }

    /// <summary>The generation where there was none: never used, ended, or evicted. All who ask get the same.</summary>
    private async ValueTask<string> FirstAsync(RedisKey key)
    {
        RedisValue name = NewName();
        RedisAnswer<bool> answer = await redis.TryAsync(
            Operation, database => database.StringSetAsync(key, name, GenerationLife, When.NotExists));
        if (!answer.Answered) return Away;
        if (answer.Value) return name.ToString();
        RedisAnswer<RedisValue> others = await redis.TryAsync(Operation, database => database.StringGetAsync(key));
        return others is { Answered: true, Value.IsNull: false } ? others.Value.ToString() : Away;
    }

    // Never the same name twice: a counter would begin again once its key is gone, and find old entries.
    private RedisValue NewName() => Ids.New(time).ToString("N");

    private RedisKey Entry(CacheKey key) => keys.Entry(key.Tenant, key.Namespace.Name, key.Name);

    // One byte for the length of the generation, the generation, when it ends, the value.
    private static byte[] Write(string generation, DateTimeOffset endsAt, ReadOnlySpan<byte> value)
    {
        byte[] bytes = new byte[1 + generation.Length + sizeof(long) + value.Length];
        bytes[0] = (byte)generation.Length;
        Encoding.ASCII.GetBytes(generation, bytes.AsSpan(1));
        Span<byte> rest = bytes.AsSpan(1 + generation.Length);
        BinaryPrimitives.WriteInt64BigEndian(rest, endsAt.ToUnixTimeMilliseconds());
        value.CopyTo(rest[sizeof(long)..]);
        return bytes;
    }

    private CacheRead Read(string generation, byte[]? bytes)
    {
        int head = 1 + generation.Length + sizeof(long);
        if (bytes is null || bytes.Length < head || bytes[0] != generation.Length) return CacheRead.Miss(generation);
        if (Encoding.ASCII.GetString(bytes, 1, generation.Length) != generation) return CacheRead.Miss(generation);
        long endsAt = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1 + generation.Length));
        TimeSpan left = DateTimeOffset.FromUnixTimeMilliseconds(endsAt) - time.GetUtcNow();
        return new CacheRead(generation, bytes.AsMemory(head), left);
    }
}
