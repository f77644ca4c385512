using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Messaging;

/// <summary>Settings of every queue: built-in defaults, overlaid by configuration.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    private static readonly string[] Names = [.. typeof(QueueOptions).GetProperties().Select(p => p.Name)];

    private readonly Dictionary<string, QueueOptions> _queues = [];

    /// <summary>
    /// Reads <c>Messaging:Default:*</c> for all queues and <c>Messaging:Queues:{name}:*</c> for one.
    /// </summary>
    /// <exception cref="OptionsValidationException">
    /// Some settings are invalid; the message lists all of them.
    /// </exception>
    public static MessagingOptions Read(IConfiguration configuration)
    {
        var options = new MessagingOptions();
        IConfigurationSection section = configuration.GetSection(Section);
        foreach (string queue in Queues.All)
        {
            QueueOptions own = BuiltIn(queue);
            section.GetSection("Default").Bind(own);
            Own(section, queue).Bind(own);
            options._queues[queue] = own;
        }

        string[] errors =
        [
            .. Misnamed(section),
            .. options._queues.SelectMany(q => q.Value.Errors(q.Key)).Select(e => $"{Section}: {e}"),
        ];
        if (errors.Length == 0) return options;
        throw new OptionsValidationException(Section, typeof(MessagingOptions), errors);
    }

    /// <summary>
    /// A queue's own settings. Where names of settings take no hyphen, as on Azure Functions, its name has underscores.
    /// </summary>
    public static IConfigurationSection Own(IConfiguration messaging, string queue)
    {
        IConfigurationSection queues = messaging.GetSection("Queues");
        IConfigurationSection underscored = queues.GetSection(queue.Replace('-', '_'));
        return underscored.Exists() ? underscored : queues.GetSection(queue);
    }

    /// <summary>The settings of <paramref name="queue"/>; the built-in ones where it is not configured.</summary>
    public QueueOptions For(string queue) => _queues.TryGetValue(queue, out QueueOptions? own) ? own : BuiltIn(queue);

    // A misspelt setting would have no effect, and nobody would know.
    private static IEnumerable<string> Misnamed(IConfigurationSection messaging)
    {
        IConfigurationSection[] queues = [.. messaging.GetSection("Queues").GetChildren()];
        foreach (IConfigurationSection queue in queues)
        {
            string name = queue.Key.Replace('_', '-');
            if (!Queues.All.Contains(name, StringComparer.OrdinalIgnoreCase))
                yield return $"{queue.Path}: there is no such queue; the queues are {string.Join(", ", Queues.All)}";
            else if (name != queue.Key && queues.Any(q => q.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                yield return $"{queue.Path}: the queue is written in two ways; use one";
            if (queue.Value is { Length: > 0 }) yield return $"{queue.Path} has settings and no value of its own";
        }

        foreach (IConfigurationSection setting in queues.Prepend(messaging.GetSection("Default"))
            .SelectMany(queue => queue.GetChildren()))
        {
            if (!Names.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                yield return $"{setting.Path}: there is no such setting; a queue has {string.Join(", ", Names)}";
        }
    }

    // The main path gathers sets of up to 64: room for a set in flight, one forming, and slack.
    private static QueueOptions BuiltIn(string queue) => queue switch
    {
        Queues.MessageProcessing or Queues.AiResponse or Queues.MessageDelivery => new() { MaxConcurrency = 256 },
        Queues.ImageAnalysis or Queues.LearningTasks => new() { MaxConcurrency = 8 },
        // Strangers' servers, which may all take their time; an endpoint holds only a few of these places.
        Queues.WebhookDelivery => new() { MaxConcurrency = 128 },
        _ => new(),
    };
}
