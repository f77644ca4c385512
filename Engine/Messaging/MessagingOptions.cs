using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Messaging;

/// <summary>Settings of every queue: built-in defaults, overlaid by configuration.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

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
        IEnumerable<string> named = section.GetSection("Queues").GetChildren().Select(c => c.Key.Replace('_', '-'));
        foreach (string queue in Queues.All.Union(named))
        {
            QueueOptions own = BuiltIn(queue);
            section.GetSection("Default").Bind(own);
            Own(section, queue).Bind(own);
            options._queues[queue] = own;
        }

        string[] errors = [.. options._queues.SelectMany(q => q.Value.Errors(q.Key)).Select(e => $"{Section}: {e}")];
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

    // The main path gathers sets of up to 64: room for a set in flight, one forming, and slack.
    private static QueueOptions BuiltIn(string queue) => queue switch
    {
        Queues.MessageProcessing or Queues.AiResponse or Queues.MessageDelivery => new() { MaxConcurrency = 256 },
        Queues.ImageAnalysis or Queues.LearningTasks => new() { MaxConcurrency = 8 },
        _ => new(),
    };
}
