using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Vellarys.Functions.Redis;

/// <summary>
/// How things are called in Redis. What is in braces decides where a cluster keeps a key: what one command touches is
/// together.
/// </summary>
internal sealed class RedisKeys(RedisOptions options)
{
    private const int HashBytes = 16;

    /// <summary>A limit's bucket. Its subject may be a phone number, so only a hash of it is seen.</summary>
    public RedisKey Bucket(string rule, string subject) => $"{options.Prefix}:{{limits}}:{rule}:{Hash(subject)}";

    /// <summary>What is known of a deployment's circuit: that it opened, its rest, its probe.</summary>
    public RedisKey[] Circuit(string deployment)
    {
        string key = $"{options.Prefix}:circuit:{{{Hash(deployment)}}}";
        return [key, key + ":rest", key + ":probe"];
    }

    public RedisKey Generation(TenantId tenant, string space) =>
        $"{options.Prefix}:cache:{{{tenant}}}:{space}:generation";

    public RedisKey Entry(TenantId tenant, string space, string name) =>
        $"{options.Prefix}:cache:{{{tenant}}}:{space}:entry:{Hash(name)}";

    /// <summary>The messages of an order key that were sent last. Only a hash of the key is seen.</summary>
    public RedisKey LastSent(Guid orderKey) => $"{options.Prefix}:sent:{Hash(orderKey.ToString())}";

    public RedisChannel Realtime => RedisChannel.Literal($"{options.Prefix}:realtime");

    private static string Hash(string text) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
}
