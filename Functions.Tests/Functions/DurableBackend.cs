using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Vellarys.Tests.Crash;

namespace Vellarys.Tests.Functions;

/// <summary>Durable with its backend in memory, on a port that is free: by itself it takes any, taken or not.</summary>
internal static class DurableBackend
{
    private const int Attempts = 5;

    public static async Task<DurableTaskTestHost> StartAsync(Action<DurableTaskRegistry> registry)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await DurableTaskTestHost.StartAsync(
                    registry, new DurableTaskTestHostOptions { Port = HostProcess.FreePort() });
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Somebody else was quicker.
            }
        }
    }

    /// <summary>
    /// Waits until an instance shows a status: what a client asks for, the backend does a moment later.
    /// </summary>
    /// <exception cref="TimeoutException">It is still something else after a minute.</exception>
    public static async Task<OrchestrationMetadata> UntilAsync(
        this DurableTaskClient client, string instance, OrchestrationRuntimeStatus status)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        OrchestrationMetadata? last = null;
        try
        {
            while (true)
            {
                last = await client.GetInstanceAsync(instance, patience.Token);
                if (last?.RuntimeStatus == status) return last;
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The instance is {last?.RuntimeStatus.ToString() ?? "missing"}, not {status}.");
        }
    }
}
