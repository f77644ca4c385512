namespace Vellarys.Messaging.Broker;

/// <summary>
/// A broker hands messages out in no order, and keeps those of a process that died until their lock runs out. So each
/// message names the one of its order key that it follows, and its handler asks whether that one is through.
/// </summary>
internal sealed class SendOrder(ILastSent last, TimeProvider time)
{
    public async ValueTask<OrderedMessages> FollowAsync(
        IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        Dictionary<Guid, IReadOnlyList<SentMessage>> known = [];
        Dictionary<Guid, DateTimeOffset> firsts = [];
        List<QueueMessage> following = [];
        foreach (QueueMessage message in messages)
        {
            if (message is not { OrderKey: { } key, Subject: { } subject })
            {
                following.Add(message);
                continue;
            }

            if (!known.TryGetValue(key, out IReadOnlyList<SentMessage>? before))
                before = await last.ReadAsync(key, cancellationToken);
            SentMessage sent = before.FirstOrDefault(m => m.Subject == subject) ?? Next(subject, before);
            following.Add(message with { Follows = sent.Follows });
            // A second copy follows whom the first did, and is not the newest for it.
            if (!before.Contains(sent)) firsts[message.Id] = sent.At;
            known[key] = [.. SentMessages.All([sent], before)];
        }

        return new OrderedMessages(following, firsts);
    }

    /// <summary>Only what the broker has is followed: what it refused may never come again.</summary>
    /// <param name="sent">Those of <paramref name="ordered"/> that it took, as it took them.</param>
    public async ValueTask SentAsync(OrderedMessages ordered, IEnumerable<QueueMessage> sent)
    {
        IEnumerable<IGrouping<Guid, QueueMessage>> keys =
            sent.Where(m => ordered.Firsts.ContainsKey(m.Id)).GroupBy(m => m.OrderKey!.Value);
        foreach (IGrouping<Guid, QueueMessage> key in keys)
        {
            SentMessage[] messages = [.. key.Select(
                m => new SentMessage(m.Subject!, m.Follows, ordered.Firsts[m.Id]))];
            await last.AddAsync(key.Key, messages, CancellationToken.None);
        }
    }

    /// <summary>A message whose predecessor the broker refused follows that one's.</summary>
    public static QueueMessage Past(IEnumerable<QueueMessage> refused, QueueMessage message) =>
        refused.FirstOrDefault(r => r.OrderKey == message.OrderKey && r.Subject == message.Follows) is { } gone
            && message.Follows is not null
                ? message with { Follows = gone.Follows }
                : message;

    private SentMessage Next(string subject, IReadOnlyList<SentMessage> before)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (before is not [var newest, ..]) return new SentMessage(subject, null, now);
        return new SentMessage(subject, newest.Subject, now > newest.At ? now : newest.At.AddTicks(1));
    }
}

/// <summary>Messages that name whom they follow.</summary>
/// <param name="Firsts">By the id of those that are no second copies: when they are sent.</param>
internal sealed record OrderedMessages(
    IReadOnlyList<QueueMessage> Messages, IReadOnlyDictionary<Guid, DateTimeOffset> Firsts);
