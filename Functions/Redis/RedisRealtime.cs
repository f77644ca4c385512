using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Vellarys.Realtime;

namespace Vellarys.Functions.Redis;

/// <summary>
/// Tells the watchers of this instance at once and those of the others through Redis. What gathers while one set is
/// being sent goes out as one message, each change once. Lost while Redis is away: events are hints.
/// </summary>
internal sealed class RedisRealtime : BackgroundService, IRealtime
{
    private const int Capacity = 4_096;
    private const int MaxSet = 128;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private readonly ILocalRealtime _local;
    private readonly RedisConnection _redis;
    private readonly RedisKeys _keys;
    private readonly TimeProvider _time;
    private readonly string _self;
    private readonly Channel<RealtimeEvent> _waiting = Channel.CreateBounded<RealtimeEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public RedisRealtime(ILocalRealtime local, RedisConnection redis, RedisKeys keys, TimeProvider time)
    {
        (_local, _redis, _keys, _time) = (local, redis, keys, time);
        _self = Ids.New(time).ToString("N");
        redis.Connected += subscriber =>
            subscriber.SubscribeAsync(keys.Realtime, (_, message) => Receive(message.ToString()));
    }

    public void Publish(RealtimeEvent happened)
    {
        _local.Publish(happened);
        _waiting.Writer.TryWrite(happened);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(Gather, _time, stoppingToken);
            HashSet<RealtimeEvent> set = [];
            while (set.Count < MaxSet && _waiting.Reader.TryRead(out RealtimeEvent? happened)) set.Add(happened);
            _redis.Publish(_keys.Realtime, Write(set));
        }
    }

    // "sender;tenant,conversation,kind;..."
    private string Write(IEnumerable<RealtimeEvent> set) => string.Join(
        ';', set.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Tenant},{e.Conversation},{e.Kind}"))
            .Prepend(_self));

    private void Receive(string message)
    {
        string[] parts = message.Split(';');
        if (parts[0] == _self) return;
        foreach (string part in parts.AsSpan(1))
        {
            if (part.Split(',') is [var tenant, var conversation, var kind]
                && Guid.TryParse(tenant, out Guid tenantId) && Guid.TryParse(conversation, out Guid conversationId))
                _local.Publish(new RealtimeEvent(new TenantId(tenantId), new ConversationId(conversationId), kind));
        }
    }
}
