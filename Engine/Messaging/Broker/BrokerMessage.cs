using System.Globalization;

namespace Vellarys.Messaging.Broker;

/// <summary>A message as a broker carries it: with what PostgreSQL's queue keeps in columns.</summary>
/// <param name="Attempt">1 on the first try; a failed try sends the message anew with the next number.</param>
/// <param name="Copy">How often it was sent anew, for a retry or because it was put off. 0 for the first.</param>
/// <param name="History">Failed attempts as a dead letter's history; null before the first.</param>
public sealed record BrokerMessage(QueueMessage Message, int Attempt = 1, int Copy = 0, string? History = null)
{
    /// <summary>Where urgent messages of all queues go: brokers know no priorities.</summary>
    public const string UrgentEntity = "urgent";

    /// <summary>The broker's queue: that of the message, or the one that overtakes them all.</summary>
    public string Entity => Message.Priority == QueuePriority.Urgent ? UrgentEntity : Message.Queue;

    /// <summary>Tells a message that an operator redrove from its earlier life; null in its first.</summary>
    public string? Round { get; init; }

    /// <summary>How long its handler has put it off so far because something else comes first.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>
    /// The same for the same sending, however often it is repeated, so that a broker that detects duplicates can drop
    /// them; another one for each copy, so that it does not drop a retry.
    /// </summary>
    public string Id
    {
        get
        {
            string life = Round is null ? Message.Id.ToString() : $"{Message.Id}-{Round}";
            return Copy == 0 ? life : string.Create(CultureInfo.InvariantCulture, $"{life}.{Copy}");
        }
    }

    /// <summary>The next sending, not before <paramref name="at"/>.</summary>
    public BrokerMessage Again(DateTimeOffset at) =>
        this with { Message = Message with { NotBefore = at }, Copy = Copy + 1 };
}
