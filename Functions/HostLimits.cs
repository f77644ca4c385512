using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vellarys.Messaging;

namespace Vellarys.Functions;

/// <summary>
/// What <c>host.json</c> allows a handler, held against the settings of the queues: what goes beyond would be taken
/// back from the handler that runs, and given to another beside it. A deployment may change <c>host.json</c> by app
/// settings, which this process reads too.
/// </summary>
internal static class HostLimits
{
    private const string ServiceBus = "AzureFunctionsJobHost:extensions:serviceBus:";
    private const string Renewal = "maxAutoLockRenewalDuration";
    private const string Calls = "maxConcurrentCalls";

    /// <summary>As <c>host.json</c> has them.</summary>
    public static TimeSpan LockRenewal { get; } = TimeSpan.FromMinutes(6);

    public static int ConcurrentCalls { get; } = 64;

    /// <summary>
    /// What a message spends under its lock besides its handler: 20 s for a place, 5 s until a handler that ignores its
    /// end is given up, 4 s for the next copy, 20 s more if the broker does not take it; and a second.
    /// </summary>
    public static TimeSpan BesideTheHandler { get; } = TimeSpan.FromSeconds(50);

    /// <exception cref="OptionsValidationException">A queue's settings go beyond.</exception>
    public static void Require(IConfiguration configuration)
    {
        MessagingOptions options = MessagingOptions.Read(configuration);
        IConfigurationSection section = configuration.GetSection(MessagingOptions.Section);
        string[] mistakes =
        [
            .. Queues.All.SelectMany(queue => Mistakes(configuration, section, queue, options.For(queue))).Distinct(),
        ];
        if (mistakes.Length > 0)
            throw new OptionsValidationException(MessagingOptions.Section, typeof(MessagingOptions), mistakes);
    }

    private static IEnumerable<string> Mistakes(
        IConfiguration configuration, IConfigurationSection section, string queue, QueueOptions options)
    {
        TimeSpan renewal = configuration.GetValue(ServiceBus + Renewal, LockRenewal);
        TimeSpan longest = renewal - BesideTheHandler;
        if (options.HandlerTimeout > longest)
        {
            // The default of five minutes is no setting; a renewal that is too short for it is one.
            string setting = Set(section, queue, nameof(QueueOptions.HandlerTimeout))?.Path
                ?? $"{MessagingOptions.Section}:Default:{nameof(QueueOptions.HandlerTimeout)}";
            yield return $"{setting} must be at most {longest}: the host keeps a message's lock for {renewal} "
                + $"({Renewal} in host.json), of which {BesideTheHandler} are for what comes before and after the "
                + "handler; beyond it the message is handled a second time beside the first.";
        }

        // Built in is more than the host gives, for queues that take all they get; only who asks for it is told.
        int calls = configuration.GetValue(ServiceBus + Calls, ConcurrentCalls);
        if (options.MaxConcurrency > calls
            && Set(section, queue, nameof(QueueOptions.MaxConcurrency)) is { } asked)
        {
            yield return $"{asked.Path} must be at most {Text(calls)}: the host hands out no more messages of a queue "
                + $"at once ({Calls} in host.json, or AzureFunctionsJobHost__extensions__serviceBus__{Calls}).";
        }
    }

    /// <summary>Where the value comes from: the queue's own setting or that of all; null: it is built in.</summary>
    private static IConfigurationSection? Set(IConfigurationSection section, string queue, string name)
    {
        IConfigurationSection own = MessagingOptions.Own(section, queue).GetSection(name);
        IConfigurationSection all = section.GetSection("Default").GetSection(name);
        return own.Value is not null ? own : all.Value is not null ? all : null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
