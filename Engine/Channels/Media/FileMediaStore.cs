namespace Vellarys.Channels.Media;

/// <summary>Files in a folder of this machine, readable by the process' own user alone.</summary>
internal sealed class FileMediaStore(MediaOptions options) : IMediaStore
{
    private const int Buffer = 64 * 1_024;
    private readonly string _root = Path.GetFullPath(options.Folder);

    public async Task SaveAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        string path = PathOf(key), part = $"{path}.{Ids.New(TimeProvider.System):N}.part";
        CreateFolder(Path.GetDirectoryName(path)!);
        bool isWhole = false;
        try
        {
            await using (var file = new FileStream(part, Options(FileMode.CreateNew, FileAccess.Write)))
            {
                await content.CopyToAsync(file, Buffer, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
            isWhole = true;
        }
        finally
        {
            if (!isWhole) File.Delete(part);
        }
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(key), Options(FileMode.Open, FileAccess.Read)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was there.
        }

        return Task.CompletedTask;
    }

    private static FileStreamOptions Options(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(
            folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string PathOf(string key)
    {
        string path = Path.GetFullPath(Path.Combine(_root, key));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException("The key leads out of the folder.", nameof(key));
    }
}
