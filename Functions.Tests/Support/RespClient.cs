using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Vellarys.Tests.Support;

/// <summary>Just enough of Redis' protocol to run commands one after the other.</summary>
internal sealed class RespClient : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly BufferedStream _stream;
    private readonly SemaphoreSlim _one = new(1);

    private RespClient(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = new BufferedStream(tcp.GetStream());
    }

    public static async Task<RespClient> ConnectAsync(int port)
    {
        TcpClient tcp = new() { NoDelay = true };
        try
        {
            await tcp.ConnectAsync("127.0.0.1", port);
            return new RespClient(tcp);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>A string, a <see cref="long"/>, an array of these, or null.</summary>
    public async Task<object?> CallAsync(params string[] words)
    {
        await _one.WaitAsync();
        try
        {
            StringBuilder command = new();
            command.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
            foreach (string word in words)
                command.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
            await _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(command.ToString()));
            return await ReadAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        _one.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<object?> ReadAsync()
    {
        string line = await LineAsync();
        string rest = line[1..];
        switch (line[0])
        {
            case '+':
                return rest;
            case '-':
                throw new InvalidOperationException(rest);
            case ':':
                return Number(rest);
            case '$' when Number(rest) < 0:
            case '*' when Number(rest) < 0:
                return null;
            case '$':
                byte[] bytes = new byte[Number(rest) + 2];
                await _stream.ReadExactlyAsync(bytes);
                return Encoding.UTF8.GetString(bytes.AsSpan(0, bytes.Length - 2));
            case '*':
                object?[] items = new object?[Number(rest)];
                for (int i = 0; i < items.Length; i++) items[i] = await ReadAsync();
                return items;
            default:
                throw new InvalidOperationException(line);
        }
    }

    private async Task<string> LineAsync()
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(one);
            if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
