using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>
/// A host's identity in place of a password, shown to a socket that asks for one: test servers trust their callers.
/// </summary>
public sealed class DatabaseTokensTests : IAsyncLifetime, IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly List<string> _passwords = [];
    private Task _serving = Task.CompletedTask;

    public Task InitializeAsync()
    {
        _server.Start();
        _serving = ServeAsync();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _server.Stop();
        await _serving;
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task AppSource_AddressWithoutPassword_SignsInWithATokenForEachSession()
    {
        Tokens tokens = new();

        await TryToOpenAsync(null, tokens);
        await TryToOpenAsync(null, tokens);

        Assert.Equal(["token 1", "token 2"], _passwords);
    }

    [Fact]
    public async Task AppSource_AddressWithPassword_UsesThat()
    {
        Tokens tokens = new();

        await TryToOpenAsync("own", tokens);

        Assert.Equal(["own"], _passwords);
        Assert.Equal(0, tokens.Asked);
    }

    [Fact]
    public async Task OwnerSource_AddressWithoutPassword_SignsInWithAToken()
    {
        Tokens tokens = new();
        await using NpgsqlDataSource source = StorageSetup.OwnerSource(new() { Url = Address(null) }, tokens);

        await Assert.ThrowsAsync<PostgresException>(async () => await source.OpenConnectionAsync());

        Assert.Equal(["token 1"], _passwords);
    }

    private async Task TryToOpenAsync(string? password, Tokens tokens)
    {
        string url = Address(password);
        await using NpgsqlDataSource source = StorageSetup.AppSource(new() { Url = url, AppUrl = url }, null, tokens);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(
            async () => await source.OpenConnectionAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    private string Address(string? password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = ((IPEndPoint)_server.LocalEndpoint).Port, Database = "db", Username = "app",
        Password = password, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _server.AcceptTcpClientAsync();
                await AskForPasswordAsync(client.GetStream());
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private async Task AskForPasswordAsync(NetworkStream stream)
    {
        await ReadAsync(stream);
        await stream.WriteAsync(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 3 });
        await stream.ReadExactlyAsync(new byte[1]);
        _passwords.Add(Encoding.UTF8.GetString(await ReadAsync(stream)).TrimEnd('\0'));
        byte[] fields = Encoding.UTF8.GetBytes("SFATAL\0VFATAL\0C28P01\0Mno\0\0");
        byte[] refusal = [(byte)'E', 0, 0, 0, (byte)(fields.Length + 4), .. fields];
        await stream.WriteAsync(refusal);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        byte[] length = new byte[4];
        await stream.ReadExactlyAsync(length);
        byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    private sealed class Tokens : IDatabaseTokens
    {
        public int Asked { get; private set; }

        public ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult($"token {++Asked}");
    }
}
