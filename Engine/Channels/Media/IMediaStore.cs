namespace Vellarys.Channels.Media;

/// <summary>Where the files of messages lie. A file is whole or not there.</summary>
public interface IMediaStore
{
    /// <summary>Reads the content to its end and keeps it under the key; one that is there is replaced.</summary>
    /// <param name="key">Letters, digits, <c>-</c> and <c>/</c>.</param>
    Task SaveAsync(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>A stream that can seek, to be disposed of; null where there is no such file.</summary>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Nothing happens where there is no such file.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}
