using System.Net.Sockets;
using System.Text;

namespace Vellarys.Benchmarks.Attack;

/// <summary>
/// Four hundred strangers promise three megabytes each and send a byte now and then, beside a host whose heap may have
/// 512 MB.
/// </summary>
internal static class SlowSockets
{
    public static async Task<bool> RunAsync(string[] args)
    {
        int count = QueueBench.Option(args, "sockets", 400), seconds = QueueBench.Option(args, "seconds", 12);
        await using AttackHost host = await AttackHost.StartAsync(args, null, "DOTNET_GCHeapHardLimit=0x20000000");
        var verdict = new Verdict();
        List<Socket> sockets = [];
        for (int i = 0; i < count; i++) sockets.Add(await OpenAsync(host, i));

        int slowest = 0, healthy = 0, taken = 0;
        for (int second = 0; second < seconds; second++)
        {
            foreach (Socket socket in sockets) Dribble(socket);
            (int status, string _, TimeSpan took) = await host.HealthAsync();
            if (status == 200) healthy++;
            slowest = Math.Max(slowest, (int)took.TotalMilliseconds);
            string message = Bodies.Text($"wamid.slow.{second}", "5541900000001", "oi");
            byte[] body = Bodies.Of(AttackHost.FirstNumber, [message]);
            if (await host.PostAsync(body) == 200) taken++;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        Console.WriteLine($"sockets {count}, host's peak {host.PeakMb} MB, slowest /health {slowest} ms");
        verdict.Say("the host lives", host.IsAlive);
        verdict.Say($"/health answered every time ({healthy} of {seconds})", healthy == seconds);
        verdict.Say($"webhooks beside them were taken ({taken} of {seconds})", taken == seconds);
        sockets.ForEach(s => s.Dispose());
        return verdict.IsPassed;
    }

    private static async Task<Socket> OpenAsync(AttackHost host, int index)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        // Three kinds: no signature, one that looks right, a path that leads nowhere.
        string path = index % 3 == 2 ? "/api/v1/webhooks/nobody" : AttackHost.Alias;
        string signature = index % 3 == 1 ? $"X-Hub-Signature-256: sha256={new string('a', 64)}\r\n" : "";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{signature}Content-Length: 3000000\r\n\r\n{{"));
        return socket;
    }

    private static void Dribble(Socket socket)
    {
        try
        {
            socket.Send(new byte[300]);
        }
        catch (SocketException)
        {
            // The host has had enough of it.
        }
    }
}
