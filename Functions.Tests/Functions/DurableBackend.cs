using Microsoft.DurableTask;
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
}
