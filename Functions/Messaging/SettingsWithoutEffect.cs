using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vellarys.Messaging;

namespace Vellarys.Functions.Messaging;

/// <summary>
/// Settings of the queue in PostgreSQL that somebody set here, where the broker and <c>host.json</c> decide: said at
/// the start, each with what to set instead.
/// </summary>
public sealed class SettingsWithoutEffect(IConfiguration configuration, ILogger<SettingsWithoutEffect> logger)
    : IHostedService
{
    private static readonly Dictionary<string, string> Instead = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(QueueOptions.LockDuration)] = "the queue's lock duration in Service Bus",
        [nameof(QueueOptions.MaxDeliveries)] = "the queue's max delivery count in Service Bus",
        [nameof(QueueOptions.MaxPrefetch)] = "prefetchCount in host.json",
        [nameof(QueueOptions.IdlePoll)] = "nothing: the broker pushes",
        [nameof(QueueOptions.ShutdownGrace)] = "nothing: the platform decides",
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        IConfigurationSection section = configuration.GetSection(MessagingOptions.Section);
        foreach (IConfigurationSection setting in section.GetSection("Queues").GetChildren()
            .Prepend(section.GetSection("Default")).SelectMany(queue => queue.GetChildren()))
        {
            if (Instead.TryGetValue(setting.Key, out string? instead))
                logger.SettingWithoutEffect(setting.Path, instead);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
