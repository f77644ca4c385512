using Vellarys.Accounts;
using Vellarys.Channels;

namespace Vellarys.Conversations;

/// <summary>Shows the customer that an answer is on its way. A hint beside the path: it is never waited for.</summary>
public sealed class ReadMarks(IChannelDirectory directory, IEnumerable<IChannel> channels)
{
    private readonly Dictionary<string, IChannel> _channels = channels.ToDictionary(c => c.Kind);

    internal void Show(LoadedTurn turn, Tenant tenant)
    {
        if (tenant.Settings.ShowsTyping && turn.LastExternalId is { } id) _ = ShowAsync(turn.Channel, id);
    }

    private async Task ShowAsync(Guid channel, string externalId)
    {
        ChannelAccount? account = await directory.FindAsync(new ChannelId(channel), CancellationToken.None);
        if (account is { Active: true } && _channels.TryGetValue(account.Kind, out IChannel? adapter))
            await adapter.MarkReadAsync(account, externalId, CancellationToken.None);
    }
}
