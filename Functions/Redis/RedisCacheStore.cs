using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using StackExchange.Redis;
using Vellarys.Caching;

namespace Vellarys.Functions.Redis;

/// <summary>
/// Values that all instances share: one MGET a read, one SET a write, and every key ends by itself. An entry carries
/// the generation that it was computed in, so that an invalidation is one key, whatever it covers.
/// </summary>
internal sealed class RedisCacheStore(RedisConnection redis, RedisKeys keys, TimeProvider time) : ICacheStore
{
    private const string Operation = "cache";
    private const string First = "0";
    private const string Away = "";

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
        string generation = answer.Value![0].IsNull ? First : answer.Value[0].ToString();
        return Read(generation, (byte[]?)answer.Value[1]);
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
        // Never the same name twice: a counter would begin again once its key has ended, and old entries with it.
        RedisValue generation = Ids.New(time).ToString("N");
        RedisKey key = keys.Generation(tenant, space.Name);
        // Twice an entry's life: all of the generations before it have ended by then.
        RedisAnswer<bool> answer = await redis.TryAsync(
            Operation, database => database.StringSetAsync(key, generation, 2 * space.Ttl));
        if (answer.Answered) _owed.TryRemove((space, tenant), out _);
        else if (_owed.Count < MaxOwed) _owed[(space, tenant)] = true;
    }

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
