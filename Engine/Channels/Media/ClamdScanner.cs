using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Vellarys.Channels.Media;

/// <summary>Asks a ClamAV daemon by its INSTREAM command: chunks with their length, an empty one at the end.</summary>
internal sealed class ClamdScanner(string host, int port) : IMediaScanner
{
    private const int Chunk = 64 * 1_024;
    private const int MaxAnswer = 1_024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static bool TryParse(string address, out string host, out int port)
    {
        int colon = address.LastIndexOf(':');
        (host, port) = (colon > 0 ? address[..colon] : "", 0);
        return colon > 0 && int.TryParse(address[(colon + 1)..], out port) && port is > 0 and <= 65_535;
    }

    public async Task<MediaVerdict> ScanAsync(Stream content, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            await using NetworkStream stream = client.GetStream();
            await SendAsync(stream, content, limit.Token);
            return Read(await AnswerAsync(stream, limit.Token));
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return MediaVerdict.Unclear;
        }
    }

    private static async Task SendAsync(NetworkStream stream, Stream content, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), cancellationToken);
        byte[] chunk = new byte[sizeof(int) + Chunk];
        while (true)
        {
            int read = await content.ReadAtLeastAsync(
                chunk.AsMemory(sizeof(int)), Chunk, throwOnEndOfStream: false, cancellationToken);
            BinaryPrimitives.WriteInt32BigEndian(chunk, read);
            await stream.WriteAsync(chunk.AsMemory(0, sizeof(int) + read), cancellationToken);
            if (read == 0) return;
            if (read < Chunk)
            {
                await stream.WriteAsync(new byte[sizeof(int)], cancellationToken);
                return;
            }
        }
    }

    private static async Task<string> AnswerAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[MaxAnswer];
        int length = await stream.ReadAtLeastAsync(answer, MaxAnswer, throwOnEndOfStream: false, cancellationToken);
        return Encoding.ASCII.GetString(answer, 0, length).TrimEnd('\0', '\n');
    }

    private static MediaVerdict Read(string answer) =>
        answer.EndsWith(" OK", StringComparison.Ordinal) ? MediaVerdict.Clean
        : answer.EndsWith(" FOUND", StringComparison.Ordinal) ? MediaVerdict.Infected
        : MediaVerdict.Unclear;
}
