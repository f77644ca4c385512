namespace Vellarys.Messaging.Broker;

/// <summary>
/// A broker hands messages out in no order, and keeps those of a process that died until their lock runs out. So each
/// message names the one of its order key that it follows, and its handler asks whether that one is through.
/// </summary>
internal sealed class SendOrder(ILastSent last)
{
    public async ValueTask<IReadOnlyList<QueueMessage>> FollowAsync(
        IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        if (!messages.Any(m => m.OrderKey is not null)) return messages;
        List<QueueMessage> following = [];
        Dictionary<Guid, SentMessage> here = [];
        foreach (QueueMessage message in messages)
        {
            if (message is not { OrderKey: { } key, Subject: { } subject })
            {
                following.Add(message);
                continue;
            }

            SentMessage? before = here.GetValueOrDefault(key) ?? await last.ReadAsync(key, cancellationToken);
            // A second copy follows whom the first did, or it would overtake them both.
            string? follows = before?.Subject == subject ? before.Follows : before?.Subject;
            following.Add(message with { Follows = follows });
            here[key] = new SentMessage(subject, follows);
        }

        return following;
    }

    /// <summary>Only what the broker has is followed: what it refused may never come again.</summary>
    public async ValueTask SentAsync(IReadOnlyList<QueueMessage> messages)
    {
        foreach (QueueMessage message in messages)
        {
            if (message is { OrderKey: { } key, Subject: { } subject })
                await last.WriteAsync(key, new SentMessage(subject, message.Follows), CancellationToken.None);
        }
    }
}
