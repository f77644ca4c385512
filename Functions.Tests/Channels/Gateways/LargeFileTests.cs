using System.Text;
using Vellarys.Channels;
using Vellarys.Channels.Gateways.Calls;
using Xunit;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>A hundred megabytes, in pieces: what is asked of the source at once shows what stands in memory.</summary>
public sealed class LargeFileTests
{
    private const long Length = 100_000_000;
    private const int MostAtOnce = 128 * 1_024;

    [Fact]
    public async Task Upload_IsEncodedPieceByPiece()
    {
        var source = new Counted(Length, wrap: false);
        var file = new OutboundFile("v.mp4", "video/mp4", Length, null, _ => Task.FromResult<Stream>(source));
        using GatewayBody body = GatewayBody.With(file, "media"u8, default, w => w.WriteString("number"u8, "55"u8));
        var sink = new Counted(0, wrap: false);
        await body.CopyToAsync(sink);
        Assert.Equal(Length, source.Total);
        Assert.InRange(source.Most, 1, MostAtOnce);
        Assert.InRange(sink.MostWritten, 1, MostAtOnce);
        Assert.Equal(body.Headers.ContentLength, sink.Written);
        Assert.True(body.HasLeft);
    }

    [Fact]
    public async Task Download_IsDecodedPieceByPiece()
    {
        var source = new Counted(Length / 3 * 4, wrap: true);
        await using Base64Answer? file = await Base64Answer.OpenAsync(source, default);
        Assert.Equal("video/mp4", file!.MimeType);
        byte[] buffer = new byte[80_000];
        long total = 0;
        for (int read; (read = await file.ReadAsync(buffer)) > 0; total += read)
            Assert.False(buffer.AsSpan(0, read).ContainsAnyExcept((byte)0));
        Assert.Equal(Length / 3 * 3, total);
        Assert.InRange(source.Most, 1, MostAtOnce);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4_096)]
    public async Task Download_HoweverItComesAndIsRead_IsTheFile(int step)
    {
        byte[] wanted = [.. Enumerable.Range(0, 200_001).Select(i => (byte)(i * 7))];
        string base64 = Convert.ToBase64String(wanted).Replace("/", "\\/", StringComparison.Ordinal).TrimEnd('=');
        byte[] json = Encoding.UTF8.GetBytes(
            $$"""
            {"caption":"\"base64\":\"x\"","mimetype":"audio\/ogg; codecs=opus", "base64" : "{{base64}}","size":{} }
            """);
        await using Base64Answer? file = await Base64Answer.OpenAsync(new MemoryStream(json), default);
        Assert.Equal("audio/ogg", file!.MimeType);
        var got = new MemoryStream();
        byte[] buffer = new byte[step];
        for (int read; (read = await file.ReadAsync(buffer)) > 0;) got.Write(buffer, 0, read);
        Assert.Equal(wanted, got.ToArray());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"base64\":null}")]
    public async Task Download_WithoutAFile_IsNone(string json) =>
        Assert.Null(await Base64Answer.OpenAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), default));

    [Theory]
    [InlineData("{\"base64\":\"AAAA")]
    [InlineData("{\"base64\":\"A*?!\"}")]
    public async Task Download_ThatBreaksOffOrIsNone_IsAFault(string json)
    {
        await using Base64Answer? file = await Base64Answer.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(json)), default);
        await Assert.ThrowsAnyAsync<IOException>(() => file!.CopyToAsync(Stream.Null));
    }

    /// <summary>Zeroes without end, or their base64 inside JSON; counts what is asked for at once.</summary>
    private sealed class Counted(long length, bool wrap) : Stream
    {
        private static readonly byte[] Head = Encoding.ASCII.GetBytes("{\"mimetype\":\"video/mp4\",\"base64\":\"");
        private long _at;

        public long Total { get; private set; }

        public int Most { get; private set; }

        public long Written { get; private set; }

        public int MostWritten { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Most = Math.Max(Most, buffer.Length);
            if (!wrap)
            {
                int zeroes = (int)Math.Min(buffer.Length, length - _at);
                buffer.Span[..zeroes].Clear();
                _at += zeroes;
                Total += zeroes;
                return ValueTask.FromResult(zeroes);
            }

            if (_at < Head.Length)
            {
                Head.CopyTo(buffer);
                _at = Head.Length;
                return ValueTask.FromResult(Head.Length);
            }

            long left = length - (_at - Head.Length);
            if (left < 0) return ValueTask.FromResult(0);
            int now = (int)Math.Min(buffer.Length, left);
            if (now == 0)
            {
                buffer.Span[0] = (byte)'"';
                _at++;
                return ValueTask.FromResult(1);
            }

            buffer.Span[..now].Fill((byte)'A');
            _at += now;
            return ValueTask.FromResult(now);
        }

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            MostWritten = Math.Max(MostWritten, buffer.Length);
            Written += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
