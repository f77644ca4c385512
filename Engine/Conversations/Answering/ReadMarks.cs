using Vellarys.Accounts;
using Vellarys.Channels;

namespace Vellarys.Conversations.Answering;

/// <summary>Shows the customer that an answer is on its way. A hint beside the path: it is never waited for.</summary>
public sealed class ReadMarks(IChannelDirectory directory, IEnumerable<IProvider> providers)
{
    private readonly Dictionary<string, IProvider> _channels = providers.ToDictionary(c => c.Kind);

    internal void Show(LoadedTurn turn, Tenant tenant)
    {
        if (tenant.Settings.ShowsTyping && turn.LastExternalId is { } id) _ = ShowAsync(turn.Channel, id);
    }

    private async Task ShowAsync(Guid id, string externalId)
    {
        Channel? channel = await directory.FindAsync(new ChannelId(id), CancellationToken.None);
        if (channel is { Active: true } && _channels.TryGetValue(channel.Kind, out IProvider? provider))
            await provider.MarkReadAsync(channel, externalId, CancellationToken.None);
    }
}
