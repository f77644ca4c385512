namespace Vellarys.Channels.Media;

/// <summary>For installations without a scanner.</summary>
internal sealed class NoScanner : IMediaScanner
{
    public Task<MediaVerdict> ScanAsync(Stream content, CancellationToken cancellationToken) =>
        Task.FromResult(MediaVerdict.Clean);
}
