using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vellarys.Secrets;

namespace Vellarys.Channels.Sealing;

/// <summary>An operator who gave no master key reads so at each start.</summary>
internal sealed class SayIfPlain(SecretBox box, ILogger<SayIfPlain> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!box.HasKey) Log.NoMasterKey(logger);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
