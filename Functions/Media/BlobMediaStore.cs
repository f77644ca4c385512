using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Vellarys.Channels.Media;

namespace Vellarys.Functions.Media;

/// <summary>Files of messages as blobs, sent and read in blocks: none is in memory as a whole.</summary>
internal sealed class BlobMediaStore(BlobContainerClient container) : IMediaStore
{
    private const int Block = 4 * 1_024 * 1_024;
    private int _isThere;

    public async Task SaveAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isThere) == 0)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            Volatile.Write(ref _isThere, 1);
        }

        // A blob is there when its last block is committed, not before.
        await container.GetBlobClient(key).UploadAsync(
            content,
            new BlobUploadOptions
            {
                TransferOptions = new()
                {
                    InitialTransferSize = Block, MaximumTransferSize = Block, MaximumConcurrency = 1,
                },
            },
            cancellationToken);
    }

    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetBlobClient(key).OpenReadAsync(
                new BlobOpenReadOptions(allowModifications: false) { BufferSize = Block }, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await container.GetBlobClient(key).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Not even the container is there.
        }
    }
}
