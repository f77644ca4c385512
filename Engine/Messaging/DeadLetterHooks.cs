using Microsoft.Extensions.Logging;

namespace Vellarys.Messaging;

/// <summary>Calls the <see cref="IDeadLetterHook"/>s of a queue.</summary>
public sealed class DeadLetterHooks(IEnumerable<IDeadLetterHook> hooks, ILogger<DeadLetterHooks> logger)
{
    private readonly ILookup<string, IDeadLetterHook> _byQueue = hooks.ToLookup(h => h.Queue);

    internal async Task RunAsync(QueueMessage dead, string code)
    {
        foreach (IDeadLetterHook hook in _byQueue[dead.Queue])
        {
            try
            {
                await hook.RunAsync(dead, code, CancellationToken.None);
            }
#pragma warning disable CA1031 // The message becomes a dead letter all the same; a job finds what was not done.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.HookFailed(logger, dead.Queue, dead.Id, Failure.Of(e).Code);
            }
        }
    }
}
