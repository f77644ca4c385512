namespace Vellarys.Channels.Media;

/// <summary>Looks into files for what must not reach staff or customers.</summary>
internal interface IMediaScanner
{
    /// <summary>Reads the content to its end.</summary>
    Task<MediaVerdict> ScanAsync(Stream content, CancellationToken cancellationToken);
}

/// <summary>What a scanner says of a file.</summary>
internal enum MediaVerdict
{
    Clean,
    Infected,

    /// <summary>The scanner was not to be had: the file waits.</summary>
    Unclear,
}
