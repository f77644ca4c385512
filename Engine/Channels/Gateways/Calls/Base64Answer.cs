using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>
/// A file inside a JSON answer, as base64: <c>{"mimetype":"application/pdf","base64":"JVBERi0..."}</c>, decoded as it
/// comes. Base64 has no quotes, so that the field's end is the next one.
/// </summary>
internal sealed class Base64Answer : Stream
{
    // What stands before the file: a name, a caption.
    private const int MaxHead = 256 * 1_024;
    private const int Piece = 64 * 1_024;
    private readonly Stream _answer;
    private readonly byte[] _text = new byte[Piece + 8];
    private readonly byte[] _file = new byte[Piece];
    private int _length;
    private int _fileAt;
    private int _fileLength;
    private bool _hasEnded;

    private Base64Answer(Stream answer, ReadOnlySpan<byte> begun)
    {
        _answer = answer;
        begun.CopyTo(_text);
        _length = begun.Length;
    }

    /// <summary>The MIME type that the answer names before the file; null for none.</summary>
    public string? MimeType { get; private init; }

    /// <summary>Null when there is no such field: the answer is disposed of then.</summary>
    /// <exception cref="IOException">The answer broke off.</exception>
    public static async Task<Base64Answer?> OpenAsync(Stream answer, CancellationToken cancellationToken)
    {
        byte[] head = new byte[MaxHead];
        int length = 0, begins = -1;
        while (begins < 0 && length < MaxHead)
        {
            // In small steps: what was read of the file itself has to fit into the buffer that goes on with it.
            int read = await answer.ReadAsync(
                head.AsMemory(length, Math.Min(16 * 1_024, MaxHead - length)), cancellationToken);
            if (read == 0) break;
            length += read;
            begins = Value(head.AsSpan(0, length), "\"base64\""u8);
        }

        if (begins >= 0 && length - begins <= Piece)
        {
            return new Base64Answer(answer, head.AsSpan(begins, length - begins))
            {
                MimeType = MediaTypes.Plain(Text(head.AsSpan(0, begins), "\"mimetype\""u8)),
            };
        }

        await answer.DisposeAsync();
        return null;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_fileAt == _fileLength && !_hasEnded)
        {
            Decode();
            if (_fileLength > 0 || _hasEnded) break;
            int read = await _answer.ReadAsync(_text.AsMemory(_length, Piece), cancellationToken);
            if (read == 0) throw new EndOfStreamException("The answer ended inside the file.");
            _length += read;
        }

        int now = Math.Min(buffer.Length, _fileLength - _fileAt);
        _file.AsMemory(_fileAt, now).CopyTo(buffer);
        _fileAt += now;
        return now;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("It is read as it comes.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _answer.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Decodes what has come, in groups of four; what is left of one stays for the next time.</summary>
    private void Decode()
    {
        int end = _text.AsSpan(0, _length).IndexOf((byte)'"');
        int has = Clean(end < 0 ? _length : end);
        if (end >= 0)
        {
            _hasEnded = true;
            // Some leave the padding out; there is room for it where the quote was.
            while (has % 4 > 0) _text[has++] = (byte)'=';
        }

        int usable = has / 4 * 4;
        OperationStatus status = Base64.DecodeFromUtf8(_text.AsSpan(0, usable), _file, out _, out _fileLength);
        if (status != OperationStatus.Done) throw new IOException("The file is no base64.");
        _fileAt = 0;
        _text.AsSpan(usable, has - usable).CopyTo(_text);
        _length = has - usable;
    }

    /// <summary>Without what JSON may put between: <c>\/</c>, line breaks written as <c>\n</c>.</summary>
    private int Clean(int length)
    {
        int kept = 0;
        for (int i = 0; i < length; i++)
        {
            byte b = _text[i];
            if (b == '\\' && i + 1 < length && _text[i + 1] is (byte)'n' or (byte)'r')
            {
                i++;
                continue;
            }

            if (b is not ((byte)'\\' or (byte)'\n' or (byte)'\r' or (byte)' ')) _text[kept++] = b;
        }

        return kept;
    }

    /// <summary>Where the text of a field begins, behind its quote; -1 when it is not there yet.</summary>
    private static int Value(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        int at = json.IndexOf(name);
        if (at < 0) return -1;
        int i = at + name.Length;
        while (i < json.Length && json[i] is (byte)' ' or (byte)':' or (byte)'\n' or (byte)'\r' or (byte)'\t') i++;
        return i < json.Length && json[i] == '"' ? i + 1 : -1;
    }

    private static string? Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        int begins = Value(json, name);
        if (begins < 0) return null;
        int length = json[begins..].IndexOf((byte)'"');
        return length is > 0 and < 200
            ? Encoding.UTF8.GetString(json.Slice(begins, length)).Replace("\\", "", StringComparison.Ordinal)
            : null;
    }
}
