using System.Text.Json.Serialization;
using Vellarys.Channels;

namespace Vellarys.Flows.Scheduled;

/// <summary>A message that goes out at a time.</summary>
internal sealed record ScheduledRow
{
    public Guid Id { get; init; }

    public Guid ContactId { get; init; }

    public Guid ChannelId { get; init; }

    public string Text { get; init; } = "";

    public TemplateMessage? Template => TemplateMessage.Read(TemplateText);

    [JsonIgnore]
    public string? TemplateText { get; init; }

    public DateTime SendAt { get; init; }

    /// <summary>
    /// <c>scheduled</c>, <c>queued</c>, <c>unknown</c>, <c>sent</c>, <c>delivered</c>, <c>read</c>, <c>failed</c>,
    /// <c>skipped</c> or <c>cancelled</c>.
    /// </summary>
    public string Status { get; init; } = "";

    /// <summary>Why it failed or was skipped, as <c>window_closed</c>.</summary>
    public string? Reason { get; init; }

    public Guid? MessageId { get; init; }

    public DateTime CreatedAt { get; init; }
}
