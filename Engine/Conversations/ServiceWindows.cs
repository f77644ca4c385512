using Vellarys.Channels;

namespace Vellarys.Conversations;

/// <summary>
/// Which providers take free text only within 24 hours of the customer's last message. Statements ask by kind.
/// </summary>
public sealed class ServiceWindows(IEnumerable<IChannel> channels)
{
    /// <summary>As in <see cref="ChannelAccount.Kind"/>.</summary>
    internal string[] Kinds => [.. channels.Where(c => c.HasServiceWindow).Select(c => c.Kind)];
}
