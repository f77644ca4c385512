using Vellarys.Http;

namespace Vellarys.Channels.Media;

/// <summary>Stored files on their way to customers.</summary>
public sealed class MediaFiles
{
    private readonly MediaRows _rows;
    private readonly IMediaStore _store;
    private readonly MediaLinks? _links;
    private readonly Uri? _ownAddress;

    internal MediaFiles(MediaRows rows, IMediaStore store, MediaLinks? links, ApiOptions api)
    {
        _rows = rows;
        _store = store;
        _links = links;
        // A provider on the internet fetches nothing from a machine that only we can reach.
        _ownAddress = Uri.TryCreate(api.PublicUrl, UriKind.Absolute, out Uri? address)
            && address is { Scheme: "https", IsLoopback: false } ? address : null;
    }

    /// <summary>Null where there is no such file, or not any more.</summary>
    public async Task<OutboundFile?> FindAsync(TenantId tenant, Guid media, CancellationToken cancellationToken)
    {
        MediaRow? row = await _rows.FindAsync(tenant, media, cancellationToken);
        if (row is not { State: "stored", MimeType: { } type, SizeBytes: { } size }) return null;
        Uri? link = _ownAddress is { } address && _links is not null
            ? new Uri(address, (await _links.MakeAsync(tenant, media, cancellationToken)).Path)
            : null;
        return new OutboundFile(row.FileName ?? "", type, size, link, async stop =>
            await _store.OpenAsync(KeepFile.KeyOf(tenant, media), stop)
            ?? throw new FileNotFoundException("The file is not in the store."))
        {
            IsVoice = row.IsVoice,
        };
    }
}
