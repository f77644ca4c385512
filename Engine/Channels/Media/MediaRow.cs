namespace Vellarys.Channels.Media;

/// <summary>What is known of a file.</summary>
internal sealed record MediaRow
{
    public Guid Id { get; init; }

    /// <summary>Null for an upload.</summary>
    public Guid? ChannelId { get; init; }

    /// <summary>Null for an upload that was not sent yet.</summary>
    public Guid? MessageId { get; init; }

    public string Kind { get; init; } = "";

    public bool IsVoice { get; init; }

    public bool IsViewOnce { get; init; }

    public string? MimeType { get; init; }

    public string? FileName { get; init; }

    public long? SizeBytes { get; init; }

    /// <summary>Of what is stored.</summary>
    public byte[]? Sha256 { get; init; }

    public string? Reference { get; init; }

    /// <summary>
    /// <c>waiting</c>, <c>stored</c>, <c>refused</c>, <c>gone</c>, <c>failed</c> or <c>deleted</c>.
    /// </summary>
    public string State { get; init; } = "";

    public string? Reason { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>Leaves out the reference, which may be a secret, and the name.</summary>
    public override string ToString() => $"{Kind} {Id} {State}";
}
