namespace Vellarys.Channels;

/// <summary>What a channel of a provider is made of, for whoever sets one up.</summary>
public sealed record ChannelForm
{
    /// <summary>An address and nothing that has to be checked.</summary>
    public static ChannelForm Any { get; } = new();

    /// <summary>Why an address will not do; null for one that will. Default: up to 100 characters on one line.</summary>
    public Func<string?, string?>? AddressFault { get; init; }

    /// <summary>The fewest characters that the access token has; 0 for a provider that has none. Default 0.</summary>
    public int LeastToken { get; init; }

    /// <summary>Why a token of that length will not do; null for one that will. Default: any will.</summary>
    public Func<string, string?>? TokenFault { get; init; }

    /// <summary>What has no webhook secret of its own takes no webhook. Default false.</summary>
    public bool NeedsSecret { get; init; }

    /// <summary>Whether a channel says where its provider's server is. Default: it does not.</summary>
    public ServerField Server { get; init; }

    /// <summary>What a channel says of its provider's server.</summary>
    public enum ServerField
    {
        /// <summary>All channels share one.</summary>
        None,

        /// <summary>There is one for all, and a channel may have another.</summary>
        Optional,

        /// <summary>Companies run or rent it themselves.</summary>
        Required,
    }
}
