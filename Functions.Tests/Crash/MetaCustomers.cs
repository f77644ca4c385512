using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Vellarys.Tests.Crash;

/// <summary>A customer's message, and from when to when it was posted until it was accepted.</summary>
internal sealed record Written(string From, string Id, DateTimeOffset PostedAt, DateTimeOffset AcceptedAt);

/// <summary>
/// Customers who write through Meta: the next message of a conversation only after the one before it was accepted.
/// </summary>
internal sealed class MetaCustomers(MetaWebhooks webhooks)
{
    private readonly ConcurrentQueue<Written> _accepted = new();

    public IReadOnlyCollection<Written> Accepted => _accepted;

    /// <summary>Posts until it is accepted.</summary>
    public async Task WriteAsync(string from, string id, string text)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await webhooks.DeliverAsync("messages", Message(from, id, text, now), from, CancellationToken.None);
        _accepted.Enqueue(new Written(from, id, now, TimeProvider.System.GetUtcNow()));
    }

    /// <summary>Posts once.</summary>
    public Task<HttpStatusCode?> TryWriteAsync(string from, string id, string text) => webhooks.PostAsync(
        "messages", Message(from, id, text, TimeProvider.System.GetUtcNow()), from, CancellationToken.None);

    private static object Message(string from, string id, string text, DateTimeOffset now) => new
    {
        from, id, type = "text", text = new { body = text },
        timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };
}
