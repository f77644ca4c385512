namespace Vellarys.Channels;

/// <summary>A stored file on its way to a customer.</summary>
/// <param name="Name">What the customer sees; a plain file name.</param>
/// <param name="MimeType">Without parameters, e.g. <c>application/pdf</c>.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Link">
/// Where the provider itself may fetch it, for a short while; null where the installation has no public address.
/// </param>
/// <param name="OpenAsync">Opens its content, to be read once and disposed of.</param>
public sealed record OutboundFile(
    string Name, string MimeType, long Length, Uri? Link, Func<CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>Audio that was spoken as a note.</summary>
    public bool IsVoice { get; init; }

    /// <summary>Leaves the link out: whoever has it has the file.</summary>
    public override string ToString() => $"{MimeType}, {Length} bytes";
}
