using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Vellarys.Conversations;

/// <summary>A request's body, read once into a pooled buffer.</summary>
internal sealed class AcceptWebhookBody : IDisposable
{
    /// <summary>The largest that a provider sends (Meta), in bytes.</summary>
    public const int MaxBytes = 3 * 1_024 * 1_024;

    private const int FirstBuffer = 8 * 1_024;
    private byte[] _buffer;
    private int _length;

    private AcceptWebhookBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Null when the body is larger than <see cref="MaxBytes"/>, whatever its length header says.</summary>
    /// <exception cref="BadHttpRequestException">
    /// The body is shorter than its header says, or badly chunked.
    /// </exception>
    public static async ValueTask<AcceptWebhookBody?> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes) return null;
        var body = new AcceptWebhookBody((int)(request.ContentLength ?? FirstBuffer));
        bool isWhole = false;
        try
        {
            isWhole = await body.FillAsync(request.BodyReader, cancellationToken);
            return isWhole ? body : null;
        }
        finally
        {
            if (!isWhole) body.Dispose();
        }
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    private async ValueTask<bool> FillAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            bool fits = _length + read.Buffer.Length <= MaxBytes;
            if (fits)
            {
                Reserve((int)read.Buffer.Length);
                read.Buffer.CopyTo(_buffer.AsSpan(_length));
                _length += (int)read.Buffer.Length;
            }

            reader.AdvanceTo(read.Buffer.End);
            if (!fits || read.IsCompleted) return fits;
        }
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - _length >= more) return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + more, 2 * _buffer.Length));
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
