using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Vellarys.Channels;
using Vellarys.Channels.Media;
using Vellarys.Conversations;
using Vellarys.Flows.Campaign;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Survey;
using Vellarys.Messaging;
using Vellarys.Webhooks;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary><c>docs/queues.md</c> says what the code does: names, bodies with their fields, readers, writers.</summary>
public sealed partial class QueueDocumentTests
{
    // The body of each queue that has one. A new field is a line here, in the document, and in both releases' readers.
    private static readonly Dictionary<string, Type> Bodies = new()
    {
        [Queues.MessageProcessing] = typeof(InboundEvent),
        [Queues.AiResponse] = typeof(TurnDue),
        [Queues.MessageDelivery] = typeof(DeliveryDue),
        [Queues.NpsSurvey] = typeof(SurveyDue),
        [Queues.CampaignDelivery] = typeof(CampaignDue),
        [Queues.ImageAnalysis] = typeof(MediaDue),
        [Queues.FlowEvents] = typeof(FlowWakeUp),
        [Queues.WebhookDelivery] = typeof(WebhookDue),
    };

    private static readonly string[] Lines = Sources.All.Single(f => f.Path == "docs/queues.md").Lines;

    [Fact]
    public void Table_Queues_AreThoseOfTheEngine() =>
        Assert.Equal(Queues.All.Order(), Rows().Select(r => r.Queue).Order());

    [Fact]
    public void Table_Bodies_HaveTheFieldsOfTheCode() => Assert.Equal(
        Bodies.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => (
            b.Key, b.Value.Name,
            string.Join(' ', b.Value.GetProperties().Select(NameOf)))),
        Rows().Where(r => r.Body != "none").OrderBy(r => r.Queue, StringComparer.Ordinal)
            .Select(r => (r.Queue, r.Body, r.Fields)));

    [Fact]
    public void Table_Readers_HandleTheirQueue() => Rule.Holds(
        from row in Rows()
        let constant = typeof(Queues).GetFields().Single(f => (string?)f.GetValue(null) == row.Queue).Name
        let handlers = Sources.CSharp("Engine")
            .Where(f => f.Text.Contains($"string Queue => Queues.{constant};", StringComparison.Ordinal)
                && f.Text.Contains(": IMessageHandler", StringComparison.Ordinal))
            .Select(f => Path.GetFileName(f.Path))
        where string.Join(' ', handlers) != (row.Body == "none" ? "" : row.Reader)
        select $"{row.Queue}: {row.Reader} in the document, {string.Join(' ', handlers)} in the code");

    [Fact]
    public void Writers_OfTheDocument_NameTheirQueue() => Rule.Holds(
        from row in Writers()
        from file in FileName().Matches(row.Files).Select(m => m.Groups[1].Value)
        let text = Sources.All.Single(f => Path.GetFileName(f.Path) == file).Text
        where !text.Contains(row.Queue, StringComparison.Ordinal) && !Constant(row.Queue).IsMatch(text)
        select $"{file} writes nothing to {row.Queue}");

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
        ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static IEnumerable<(string Queue, string Body, string Fields, string Reader)> Rows() =>
        from line in Lines
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length == 6 && cells[1].StartsWith('`')
        select (cells[1].Trim('`'), cells[2].Trim('`'), cells[3].Replace("`", "", StringComparison.Ordinal),
            cells[4].Trim('`'));

    private static IEnumerable<(string Queue, string Files)> Writers()
    {
        string queue = "";
        foreach (string[] cells in Lines.SkipWhile(l => l != "## Writers").Select(l => l.Split('|')))
        {
            if (cells.Length != 5) continue;
            if (cells[1].Contains('`', StringComparison.Ordinal)) queue = cells[1].Trim().Trim('`');
            if (queue != "") yield return (queue, cells[3]);
        }
    }

    private static Regex Constant(string queue) => new(
        $@"\bQueues\.{typeof(Queues).GetFields().Single(f => (string?)f.GetValue(null) == queue).Name}\b");

    [GeneratedRegex(@"`([\w-]+\.(?:cs|sql))`")]
    private static partial Regex FileName();
}
