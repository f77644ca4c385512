using System.Text.Json.Serialization;

namespace Vellarys.Channels;

/// <summary>What a provider event is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InboundKind>))]
public enum InboundKind
{
    /// <summary>The customer wrote, or sent something that wants an answer.</summary>
    Message,

    /// <summary>
    /// The customer did something that wants no answer: a reaction, an edit, a revoke, a call.
    /// </summary>
    Notice,

    /// <summary>Somebody of the company wrote on the phone itself: a takeover.</summary>
    Echo,

    /// <summary>The provider reports on a message of ours.</summary>
    Status,

    /// <summary>The customer stopped or resumed marketing at the provider.</summary>
    Preference,

    /// <summary>Well-formed, but nothing we know: kept raw.</summary>
    Unknown,
}

/// <summary>
/// One provider event on its way through <c>message-processing</c>, the same shape for every provider. Text is already
/// clean: no NUL, no lone surrogates.
/// </summary>
public sealed record InboundEvent
{
    /// <summary>Schema version; a reader takes every version up to its own.</summary>
    public int V { get; init; } = 1;

    public required Guid Tenant { get; init; }

    public required Guid Channel { get; init; }

    public required InboundKind Kind { get; init; }

    /// <summary>
    /// Unique in the channel: the provider's message id; for a status, id and status; for the rest, a hash of the item.
    /// </summary>
    public required string EventId { get; init; }

    /// <summary>When the webhook came in (UTC): orders messages that carry the same provider second.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The provider's own time (UTC); the time of arrival where it gave none that makes sense.</summary>
    public DateTimeOffset SentAt { get; init; }

    /// <summary>
    /// Messages, notices, echoes: the provider's type, e.g. <c>text</c>, <c>image</c>, <c>reaction</c>.
    /// </summary>
    public string Type { get; init; } = "text";

    /// <summary>
    /// The customer's raw address; replies go to exactly this. For an echo, whom the company wrote to.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>
    /// Every identity the event carried, strongest first: <c>bsuid</c>, then <c>phone</c> (canonical digits).
    /// </summary>
    public IReadOnlyList<IdentityKey> Identities { get; init; } = [];

    public string? ProfileName { get; init; }

    /// <summary>What the customer wrote, tapped or captioned; empty for media without a caption.</summary>
    public string Text { get; init; } = "";

    /// <summary>
    /// Where the contact came from, for the lead's source label: <c>ad</c>, <c>post</c>; null if unknown.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>
    /// The provider's id of another message: what this one quotes, reacts to, edits or revokes. Null for an edit whose
    /// new content cannot be read: it changes nothing.
    /// </summary>
    public string? RefersTo { get; init; }

    /// <summary>What came with the message beside its text: an ad, items of a cart, fields of a form.</summary>
    public IReadOnlyList<MessageDetail>? Details { get; init; }

    /// <summary>
    /// The file that came with the message, fetched afterwards. A release that does not know of it leaves it there.
    /// </summary>
    public InboundMedia? Media { get; init; }

    /// <summary>The provider's own JSON of the item, for every type but plain text.</summary>
    public string? Raw { get; init; }

    /// <summary>
    /// Notices only: the customer is known by something else from now on. A release that does not know of it takes the
    /// event for a notice.
    /// </summary>
    public IdentityChange? Change { get; init; }

    /// <summary>Statuses only.</summary>
    public StatusReport? Status { get; init; }

    /// <summary>Preferences only: true when the customer stopped marketing, false when it was resumed.</summary>
    public bool? OptedOut { get; init; }
}

/// <summary>One thing that came with a message beside its text.</summary>
/// <param name="Name">
/// <c>ad.headline</c>, <c>item</c>, <c>form.&lt;field&gt;</c> and so on: see <c>docs/api.md</c>.
/// </param>
/// <param name="Value">One line, at most 500 characters.</param>
public sealed record MessageDetail(string Name, string Value);

/// <summary>One way to recognise a contact.</summary>
/// <param name="Kind"><c>phone</c>, <c>bsuid</c>, <c>lid</c>.</param>
public sealed record IdentityKey(string Kind, string Value);

/// <summary>What became of a message of ours.</summary>
/// <param name="ProviderMessageId">The provider's id of our message.</param>
/// <param name="State">
/// <c>sent</c>, <c>delivered</c>, <c>read</c>, <c>played</c>, <c>failed</c>; others are ignored.
/// </param>
/// <param name="ClaimId">The claim that we sent along, where the provider returns it.</param>
/// <param name="ErrorCode">The provider's code of a failure.</param>
public sealed record StatusReport(string ProviderMessageId, string State, Guid? ClaimId, string? ErrorCode);

[JsonSerializable(typeof(InboundEvent))]
[JsonSerializable(typeof(IReadOnlyList<MessageDetail>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class InboundEventJson : JsonSerializerContext;
