using System.Globalization;

namespace Vellarys.Tests.Support;

/// <summary>
/// A real Redis on a loopback port: one for the process, started when first asked for and ended with it.
/// </summary>
internal static class RedisServer
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static RedisProcess? _process;

    /// <summary>A connection to an empty database of that number.</summary>
    public static async Task<RespClient> EmptyAsync(int database)
    {
        RespClient client = await ConnectAsync(database);
        await client.CallAsync("FLUSHDB");
        return client;
    }

    public static async Task<RespClient> ConnectAsync(int database)
    {
        await Gate.WaitAsync();
        try
        {
            _process ??= await RedisProcess.StartAsync();
        }
        finally
        {
            Gate.Release();
        }

        RespClient client = await RespClient.ConnectAsync(_process.Port);
        await client.CallAsync("SELECT", database.ToString(CultureInfo.InvariantCulture));
        return client;
    }
}
