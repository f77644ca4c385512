using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Vellarys.Standalone;

/// <summary>The last frame above everything: what an operator can mend is one clear message and an exit code.</summary>
internal static class Boundary
{
    private const int Failed = 1;
    private const int Misconfigured = 2;

    private const string Usage = """
        usage: Vellarys.Standalone [serve [--demo] | migrate | seed-demo | seed-bench]
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
            await Console.Error.WriteLineAsync(e.Message);
            await Console.Error.WriteLineAsync(Usage);
            return Misconfigured;
        }
        catch (OptionsValidationException e)
        {
            return await RefuseAsync(e.Failures);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(i => i is OptionsValidationException))
        {
            return await RefuseAsync(e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(i => i.Failures));
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or StartFault)
        {
            await Console.Error.WriteLineAsync($"Vellarys cannot start: {e.Message}");
            return Failed;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"Vellarys cannot start: {e.Message} Choose another PORT.");
            return Failed;
        }
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> failures)
    {
        await Console.Error.WriteLineAsync("Vellarys cannot start with these settings:");
        foreach (string failure in failures) await Console.Error.WriteLineAsync($"  {failure}");
        return Misconfigured;
    }
}

/// <summary>The command line makes no sense.</summary>
internal sealed class UsageError(string message) : Exception(message);

/// <summary>The start failed for a reason outside this process.</summary>
internal sealed class StartFault(string message, Exception? inner = null) : Exception(message, inner);
