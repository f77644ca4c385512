using Microsoft.AspNetCore.Http;

namespace Vellarys.Channels;

/// <summary>One WhatsApp provider: how its webhooks are checked and read, how its messages are sent.</summary>
public interface IProvider
{
    /// <summary>As in <see cref="Channel.Kind"/> and in the webhook's path.</summary>
    string Kind { get; }

    /// <summary>
    /// Other names of its app-level webhook path, beside <see cref="Kind"/>; one that begins with a slash is a path of
    /// its own. Default: none.
    /// </summary>
    IReadOnlyList<string> Aliases => [];

    /// <summary>
    /// Whether free text may only be sent within 24 hours of the customer's last message (Meta's customer service
    /// window).
    /// </summary>
    bool HasServiceWindow { get; }

    /// <summary>What it can send beside text; whatever else goes as its text. Default: nothing.</summary>
    OutboundKinds Sends => OutboundKinds.None;

    /// <summary>How long a text may be, in UTF-16 units; a longer one goes in parts.</summary>
    int MaxText => 4_096;

    /// <summary>How fast the provider lets a number send. Default: as fast as it can.</summary>
    SendPace Pace => SendPace.Free;

    /// <summary>What a channel of it is made of. Default: an address.</summary>
    ChannelForm Form => ChannelForm.Any;

    /// <summary>
    /// What to answer when the provider asks (GET) whether the callback address is ours; null refuses. Default: no
    /// provider asks.
    /// </summary>
    /// <param name="channel">The channel of the path; null on an app-level path.</param>
    string? AnswerHandshake(Channel? channel, IQueryCollection query) => null;

    /// <summary>Whether the provider asks so at all. Default: it does not.</summary>
    bool HasHandshake => false;

    /// <summary>
    /// The query (<c>?...</c>) by which the provider would ask for that, so that it can be tried; null where it does
    /// not ask, or there is no token to show. Default: null.
    /// </summary>
    string? HandshakeQuery(Channel channel, string challenge) => null;

    /// <summary>
    /// Whether the headers are such that <see cref="IsAuthentic"/> may accept a body: asked before one is read, so that
    /// strangers are turned away for the price of their headers.
    /// </summary>
    /// <param name="channel">The channel of the path; null on an app-level path that serves many numbers.</param>
    bool LooksSigned(Channel? channel, IHeaderDictionary headers) => true;

    /// <summary>
    /// Whether the body was signed by the provider. Runs on the raw bytes, before any parsing, in fixed time.
    /// </summary>
    /// <param name="channel">The channel of the path; null on an app-level path that serves many numbers.</param>
    bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body);

    /// <summary>
    /// Reads a body that <see cref="IsAuthentic"/> accepted. Throws <see cref="MalformedWebhook"/> when it is not
    /// this provider's JSON at all. One bad item never costs the others.
    /// </summary>
    /// <param name="channel">The channel of the path; null on an app-level path.</param>
    WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt);

    /// <summary>Sends one message. Never throws for what the provider answers or fails to answer.</summary>
    Task<SendOutcome> SendAsync(Channel channel, OutboundMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the provider, cheaply and without sending anything, whether it still takes the account. Never throws for
    /// what it answers. Default: there is nothing to ask.
    /// </summary>
    Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken) =>
        Task.FromResult<ChannelProbe>(new ChannelProbe.Unclear("not_asked"));

    /// <summary>
    /// Opens the file that came with a message, to be read once and disposed of. Never throws for what the provider
    /// answers. Default: no file can be had.
    /// </summary>
    Task<MediaDownload> DownloadAsync(
        Channel channel, InboundMedia media, CancellationToken cancellationToken) =>
        Task.FromResult<MediaDownload>(new MediaDownload.Gone("not_offered"));

    /// <summary>
    /// Shows the customer that the message was read and that an answer is being written. A hint: failures are
    /// swallowed by the adapter.
    /// </summary>
    Task MarkReadAsync(Channel channel, string providerMessageId, CancellationToken cancellationToken);
}

/// <summary>What one webhook body held: items by the number they belong to.</summary>
public sealed record WebhookContent(IReadOnlyList<WebhookItem> Items);

/// <summary>One item of a webhook, before its tenant is known.</summary>
/// <param name="Address">The number's key (<c>phone_number_id</c>); null for account-level events.</param>
/// <param name="Event">
/// The event with <see cref="InboundEvent.Tenant"/> and <see cref="InboundEvent.Channel"/> still empty.
/// </param>
public sealed record WebhookItem(string? Address, InboundEvent Event);

/// <summary>
/// The body is not what the provider sends. Answered as 400 with <paramref name="field"/> and the reason.
/// </summary>
internal sealed class MalformedWebhook(string field, string reason) : Exception($"{field}: {reason}")
{
    /// <summary>The JSON path of what is wrong, <c>$</c> for the whole body.</summary>
    public string Field { get; } = field;

    public string Reason { get; } = reason;
}

/// <summary>A message to send.</summary>
/// <param name="To">The raw address that wrote to us.</param>
/// <param name="CorrelationId">Travels in the provider's correlation field where there is one.</param>
/// <param name="Text">What the customer reads; for a template, what providers without templates send.</param>
/// <param name="Template">To be sent instead of the text where the provider has templates.</param>
public sealed record OutboundMessage(
    MessageId Id, Guid CorrelationId, string To, string Text, TemplateMessage? Template = null)
{
    /// <summary>
    /// To be sent instead of the text where the provider has it (<see cref="IProvider.Sends"/>); null for text and
    /// templates.
    /// </summary>
    public OutboundContent? Content { get; init; }

    /// <summary>The file of an <see cref="OutboundContent.Media"/>.</summary>
    public OutboundFile? File { get; init; }

    /// <summary>The provider's id of the message that this one quotes; null quotes none.</summary>
    public string? Quotes { get; init; }
}

/// <summary>What a send led to.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>Accepted; its id comes back in status webhooks.</summary>
    public sealed record Sent(string ProviderMessageId) : SendOutcome;

    /// <summary>Surely not sent, and never will be as it is: bad number, blocked, closed window.</summary>
    /// <param name="Code">The provider's error code, or ours.</param>
    /// <param name="StopsChannel">The token or the account is at fault: every further send would fail too.</param>
    public sealed record Refused(string Code, bool StopsChannel = false) : SendOutcome;

    /// <summary>Surely not sent, but may be later: rate limits, no connection.</summary>
    /// <param name="DoubtsAccount">
    /// Something refused us without a code of the provider's, a gateway on the way mostly: worth a line, but no proof.
    /// </param>
    public sealed record NotNow(string Code, TimeSpan? RetryAfter = null, bool DoubtsAccount = false) : SendOutcome;

    /// <summary>
    /// It may have been sent: no answer came (<paramref name="Answered"/> false), or the provider reports trouble of
    /// its own after accepting the call (true).
    /// </summary>
    public sealed record Uncertain(string Code, bool Answered) : SendOutcome;
}

/// <summary>What a look at a number showed.</summary>
public abstract record ChannelProbe
{
    private ChannelProbe()
    {
    }

    /// <summary>The provider takes the account.</summary>
    public sealed record Accepted : ChannelProbe;

    /// <summary>The provider refuses the account, by a code of its own.</summary>
    public sealed record Refused(string Code) : ChannelProbe;

    /// <summary>No answer, or none that says anything: only a send will tell.</summary>
    public sealed record Unclear(string Code) : ChannelProbe;
}

/// <summary>What a channel of a provider is made of, for whoever sets one up.</summary>
public sealed record ChannelForm
{
    /// <summary>An address and nothing that has to be checked.</summary>
    public static ChannelForm Any { get; } = new();

    /// <summary>Why an address will not do; null for one that will. Default: it has up to 100 characters.</summary>
    public Func<string?, string?>? AddressFault { get; init; }

    /// <summary>The fewest characters that the access token has; 0 for a provider that has none. Default 0.</summary>
    public int LeastToken { get; init; }

    /// <summary>Why a token of that length will not do; null for one that will. Default: any will.</summary>
    public Func<string, string?>? TokenFault { get; init; }

    /// <summary>What has no webhook secret of its own takes no webhook. Default false.</summary>
    public bool NeedsSecret { get; init; }

    /// <summary>Whether a channel says where its provider's server is. Default: it does not.</summary>
    public ServerField Server { get; init; }

    /// <summary>What a channel says of its provider's server.</summary>
    public enum ServerField
    {
        /// <summary>All channels share one.</summary>
        None,

        /// <summary>There is one for all, and a channel may have another.</summary>
        Optional,

        /// <summary>Companies run or rent it themselves.</summary>
        Required,
    }
}
