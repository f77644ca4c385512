using System.Globalization;
using Vellarys.Assistant.Model;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>The script of Redis' circuit, as an instance of its own would call it.</summary>
internal sealed class ScriptCircuit(RespClient redis) : ISharedCircuit
{
    private static readonly string Script = Read();

    public async ValueTask<SharedCircuit> LookAsync(
        string deployment, TimeSpan probe, CancellationToken cancellationToken)
    {
        object?[] answer = await RunAsync("look", deployment, probe);
        return answer[0] switch
        {
            0L => SharedCircuit.Closed,
            1L => SharedCircuit.Open(TimeSpan.FromMilliseconds((long)answer[1]!)),
            _ => SharedCircuit.Probe,
        };
    }

    public async ValueTask OpenedAsync(string deployment, TimeSpan rest, CancellationToken cancellationToken) =>
        await RunAsync("open", deployment, rest);

    public async ValueTask ClosedAsync(string deployment, CancellationToken cancellationToken) =>
        await redis.CallAsync(["DEL", .. Keys(deployment)]);

    public async ValueTask ReleaseAsync(string deployment, CancellationToken cancellationToken) =>
        await redis.CallAsync("DEL", Keys(deployment)[2]);

    private static string[] Keys(string deployment) => [deployment, deployment + ":rest", deployment + ":probe"];

    private async Task<object?[]> RunAsync(string mode, string deployment, TimeSpan span)
    {
        string length = ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return (object?[])(await redis.CallAsync(["EVAL", Script, "3", .. Keys(deployment), mode, length]))!;
    }

    private static string Read()
    {
        using Stream stream = typeof(ScriptCircuit).Assembly.GetManifestResourceStream("circuit.lua")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
