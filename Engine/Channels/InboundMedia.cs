namespace Vellarys.Channels;

/// <summary>A file that came with a message, before anybody has looked into it.</summary>
/// <param name="Kind"><c>image</c>, <c>audio</c>, <c>video</c>, <c>document</c> or <c>sticker</c>.</param>
/// <param name="Reference">
/// By what the adapter finds it at the provider (an id, an address); at most 2,048 characters, and a secret where it is
/// an address.
/// </param>
/// <param name="MimeType">As the provider says, without parameters; null if it does not.</param>
/// <param name="FileName">As the sender named it: not to be trusted as a path.</param>
/// <param name="Size">In bytes, as the provider says; null if it does not.</param>
public sealed record InboundMedia(string Kind, string Reference, string? MimeType, string? FileName, long? Size)
{
    /// <summary>A note spoken into the phone, not a piece of music.</summary>
    public bool IsVoice { get; init; }

    /// <summary>The sender wanted it to be seen once.</summary>
    public bool IsViewOnce { get; init; }

    /// <summary>Leaves out what came from the sender, and the reference.</summary>
    public override string ToString() => $"{Kind} {MimeType}";
}

/// <summary>What asking a provider for a file led to.</summary>
public abstract record MediaDownload
{
    private MediaDownload()
    {
    }

    /// <summary>Disposing of the content ends the connection that it comes over.</summary>
    /// <param name="Length">In bytes, where the provider says; it may be wrong.</param>
    public sealed record Opened(Stream Content, string? MimeType, long? Length) : MediaDownload;

    /// <summary>It will never be had: expired, deleted, not ours.</summary>
    public sealed record Gone(string Code) : MediaDownload;

    /// <summary>Later perhaps: rate limits, no connection, the provider's own trouble.</summary>
    public sealed record NotNow(string Code, TimeSpan? RetryAfter = null) : MediaDownload;
}
