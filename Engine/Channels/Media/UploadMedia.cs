namespace Vellarys.Channels.Media;

/// <summary>
/// Takes a file of staff's to be sent. Its row comes first, so that two of one id never write the same file, and none
/// lies in the store that no row knows. The same file under the same id again is the same upload.
/// </summary>
internal sealed class UploadMedia(MediaRows rows, KeepFile keep)
{
    /// <exception cref="IOException">The caller's line broke off, or the store failed.</exception>
    public async Task<UploadResult> RunAsync(
        TenantId tenant, UploadInput input, Stream content, CancellationToken cancellationToken)
    {
        if (await rows.FindAsync(tenant, input.Id, cancellationToken) is { } there
            && there is not { State: "waiting", ChannelId: null })
            return await AgainAsync(there, content, cancellationToken);
        string? stated = input.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (!await rows.BeginUploadAsync(tenant, input, cancellationToken))
            return new UploadResult.Refused("upload_under_way");
        KeptFile? kept = null;
        try
        {
            kept = await keep.RunAsync(
                tenant, input.Id, input.Kind, input.FileName, stated, content, cancellationToken);
            if (kept is KeptFile.Stored stored)
            {
                string name = MediaName.Of(input.FileName, input.Kind, stored.MimeType);
                if (!await rows.StoredAsync(tenant, input.Id, stored, name, cancellationToken)) kept = null;
            }
        }
        finally
        {
            if (kept is not KeptFile.Stored) await GiveUpAsync(tenant, input.Id);
        }

        return kept switch
        {
            KeptFile.Stored => new UploadResult.Stored((await rows.FindAsync(tenant, input.Id, cancellationToken))!),
            KeptFile.Refused refused => new UploadResult.Refused(refused.Code),
            _ => new UploadResult.NotNow(),
        };
    }

    /// <summary>The id is free again. What cannot be undone now, the hourly job finds.</summary>
    private async Task GiveUpAsync(TenantId tenant, Guid media)
    {
        await keep.DropAsync(tenant, media, CancellationToken.None);
        await rows.ForgetUploadAsync(tenant, media, CancellationToken.None);
    }

    private static async Task<UploadResult> AgainAsync(
        MediaRow there, Stream content, CancellationToken cancellationToken)
    {
        if (there is not { State: "stored", ChannelId: null, SizeBytes: { } size, Sha256: { } known })
            return new UploadResult.Refused("id_taken");
        await using var again = new HashedStream(ReadOnlyMemory<byte>.Empty, content, size);
        try
        {
            await again.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (MediaTooLarge)
        {
            return new UploadResult.Refused("id_taken");
        }

        return again.Sha256().AsSpan().SequenceEqual(known)
            ? new UploadResult.Stored(there)
            : new UploadResult.Refused("id_taken");
    }
}

/// <summary>A file as somebody uploads it.</summary>
/// <param name="Id">Of the caller's making.</param>
internal sealed record UploadInput(Guid Id, string Kind, bool IsVoice, string? FileName, string? ContentType);

/// <summary>What became of an upload.</summary>
internal abstract record UploadResult
{
    private UploadResult()
    {
    }

    public sealed record Stored(MediaRow Row) : UploadResult;

    /// <param name="Code">
    /// <c>type</c>, <c>too_large</c>, <c>infected</c>, <c>empty</c>, <c>id_taken</c> or <c>upload_under_way</c>.
    /// </param>
    public sealed record Refused(string Code) : UploadResult;

    /// <summary>The scanner does not answer.</summary>
    public sealed record NotNow : UploadResult;
}
