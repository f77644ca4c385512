namespace Vellarys.Channels.Media;

/// <summary>Takes a file into the store: its size, its type by its content, and what the scanner says of it.</summary>
internal sealed class KeepFile(IMediaStore store, IMediaScanner scanner, MediaOptions options)
{
    public static string KeyOf(TenantId tenant, Guid media) => $"{tenant.Value:N}/{media:N}";

    /// <summary>What is not <see cref="KeptFile.Stored"/> may lie there, until the caller drops it.</summary>
    /// <param name="name">As its sender gives it; null for none.</param>
    /// <param name="stated">The MIME type that its sender gives it.</param>
    /// <exception cref="IOException">The content broke off, or the store failed.</exception>
    public async Task<KeptFile> RunAsync(
        TenantId tenant, Guid media, string kind, string? name, string? stated, Stream content,
        CancellationToken cancellationToken)
    {
        byte[] head = new byte[MediaContent.Head];
        int length = await content.ReadAtLeastAsync(
            head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == 0) return new KeptFile.Refused("empty");
        if (MediaName.IsProgram(name) || MediaContent.Accept(kind, stated, head.AsSpan(0, length)) is not { } type)
            return new KeptFile.Refused("type");

        string key = KeyOf(tenant, media);
        await using var hashed = new HashedStream(head.AsMemory(0, length), content, options.MaxBytes);
        try
        {
            await store.SaveAsync(key, hashed, cancellationToken);
        }
        catch (MediaTooLarge)
        {
            return new KeptFile.Refused("too_large");
        }

        return await ScanAsync(key, cancellationToken) switch
        {
            MediaVerdict.Clean => new KeptFile.Stored(type, hashed.Length, hashed.Sha256()),
            MediaVerdict.Infected => new KeptFile.Refused("infected"),
            _ => new KeptFile.NotNow("no_scanner"),
        };
    }

    public Task DropAsync(TenantId tenant, Guid media, CancellationToken cancellationToken) =>
        store.DeleteAsync(KeyOf(tenant, media), cancellationToken);

    private async Task<MediaVerdict> ScanAsync(string key, CancellationToken cancellationToken)
    {
        if (scanner is NoScanner) return MediaVerdict.Clean;
        await using Stream? file = await store.OpenAsync(key, cancellationToken);
        return file is null ? MediaVerdict.Unclear : await scanner.ScanAsync(file, cancellationToken);
    }
}

/// <summary>What became of a file that was to be kept.</summary>
internal abstract record KeptFile
{
    private KeptFile()
    {
    }

    /// <param name="MimeType">By its content.</param>
    /// <param name="Size">In bytes.</param>
    public sealed record Stored(string MimeType, long Size, byte[] Sha256) : KeptFile;

    /// <param name="Code"><c>type</c>, <c>too_large</c>, <c>infected</c> or <c>empty</c>.</param>
    public sealed record Refused(string Code) : KeptFile;

    public sealed record NotNow(string Code) : KeptFile;
}
