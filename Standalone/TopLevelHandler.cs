using Microsoft.AspNetCore.Connections;
using Npgsql;
using Vellarys.Api;

namespace Vellarys.Standalone;

/// <summary>The last frame above everything: what an operator can mend is one clear message and an exit code.</summary>
internal static class TopLevelHandler
{
    private const int Failed = 1;
    private const int Misconfigured = 2;

    private const string Usage = """
        usage: Vellarys.Standalone [serve [--demo] [--show-key] | migrate | seed-demo | seed-bench]
               Vellarys.Standalone tenant | channel | user | key | settings | prompt | doctor | report: see help
        Settings come from the environment; README.md lists them.
        """;

    public static async Task<int> RunAsync(Func<Task> command)
    {
        try
        {
            await command();
            return 0;
        }
        catch (UsageError e)
        {
            return await SayAsync(Misconfigured, $"{e.Message}\n{Usage}");
        }
        catch (StartRefused e)
        {
            return await SayAsync(
                Misconfigured, "Vellarys cannot start with these settings:\n  " + string.Join("\n  ", e.Mistakes));
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            return await SayAsync(Failed, $"Vellarys cannot start: {e.Message} Choose another PORT.");
        }
        catch (Exception e) when (e is StartFault or NpgsqlException or TransientFault or PermanentFault)
        {
            return await SayAsync(Failed, $"Vellarys cannot start: {e.Message.Split('\n')[0].Trim()}");
        }
    }

    private static async Task<int> SayAsync(int exitCode, string message)
    {
        await Console.Error.WriteLineAsync(message);
        return exitCode;
    }
}

/// <summary>The command line makes no sense.</summary>
internal sealed class UsageError(string message) : Exception(message);

/// <summary>The start failed for a reason outside this process.</summary>
internal sealed class StartFault(string message, Exception? inner = null) : Exception(message, inner);
