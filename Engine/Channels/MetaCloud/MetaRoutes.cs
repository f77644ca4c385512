using System.Runtime.CompilerServices;

namespace Vellarys.Channels.MetaCloud;

/// <summary>Routes by account, gone when the directory lets go of the account.</summary>
internal sealed class MetaRoutes(Func<Channel, MetaRoute> route)
{
    private readonly ConditionalWeakTable<Channel, MetaRoute> _routes = [];

    public MetaRoute For(Channel channel) =>
        _routes.TryGetValue(channel, out MetaRoute? known) ? known : _routes.GetValue(channel, a => route(a));
}
