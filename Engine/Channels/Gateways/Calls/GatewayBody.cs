using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>
/// A request's JSON, with at most one file in it, as base64: read and encoded piece by piece, so that a large file
/// never stands in memory. Knows whether the gateway can have got all of it.
/// </summary>
internal sealed class GatewayBody : HttpContent
{
    // A multiple of three, so that only the last piece is padded.
    private const int Piece = 48 * 1_024;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly JsonWriterOptions Plain = new()
    {
        // The body goes to an API, not into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ReadOnlyMemory<byte> _head;
    private readonly ReadOnlyMemory<byte> _tail;
    private readonly OutboundFile? _file;

    private GatewayBody(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, OutboundFile? file)
    {
        (_head, _tail, _file) = (head, tail, file);
        Headers.ContentType = Json;
    }

    /// <summary>Its last piece was handed to the connection: without it the gateway can do nothing.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>The file could not be read to its end.</summary>
    public bool IsFileBroken { get; private set; }

    public bool HasFile => _file is not null;

    /// <param name="write">Writes the properties.</param>
    public static GatewayBody Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new GatewayBody(buffer.WrittenMemory, default, null);
    }

    /// <param name="write">Writes the properties but the file's, at least one.</param>
    /// <param name="name">Of the file's property.</param>
    /// <param name="prefix">Before the file: a data address, or nothing.</param>
    public static GatewayBody With(
        OutboundFile file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            write(writer);
            writer.Flush();
        }

        buffer.Write(",\""u8);
        buffer.Write(name);
        buffer.Write("\":\""u8);
        buffer.Write(prefix);
        return new GatewayBody(buffer.WrittenMemory, "\"}"u8.ToArray(), file);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            HasLeft = true;
            await stream.WriteAsync(_head, cancellationToken);
            return;
        }

        await stream.WriteAsync(_head, cancellationToken);
        await WriteFileAsync(_file, stream, cancellationToken);
        HasLeft = true;
        await stream.WriteAsync(_tail, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _tail.Length + (_file is null ? 0 : (_file.Length + 2) / 3 * 4);
        return true;
    }

    private async Task WriteFileAsync(OutboundFile file, Stream to, CancellationToken cancellationToken)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Piece);
        byte[] text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(Piece));
        try
        {
            await using Stream content = await OpenAsync(file, cancellationToken);
            long left = file.Length;
            while (left > 0)
            {
                int wanted = (int)Math.Min(Piece, left);
                int read = await ReadAsync(content, bytes.AsMemory(0, wanted), cancellationToken);
                Base64.EncodeToUtf8(bytes.AsSpan(0, read), text, out _, out int written);
                await to.WriteAsync(text.AsMemory(0, written), cancellationToken);
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private async Task<Stream> OpenAsync(OutboundFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await file.OpenAsync(cancellationToken);
        }
        catch (IOException)
        {
            IsFileBroken = true;
            throw;
        }
    }

    /// <summary>Exactly as much as was said: a shorter file would be a broken one at the customer's.</summary>
    private async Task<int> ReadAsync(Stream content, Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            await content.ReadExactlyAsync(into, cancellationToken);
            return into.Length;
        }
        catch (IOException)
        {
            IsFileBroken = true;
            throw;
        }
    }
}
