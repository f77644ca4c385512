using System.Globalization;
using System.Text;
using Vellarys.Channels;
using Vellarys.Channels.Media;

namespace Vellarys.Conversations.Sending;

/// <summary>
/// What a claimed message looks like at its provider: what one cannot show as it is goes as text that says the same.
/// </summary>
public sealed class ComposeMessage(MediaFiles files)
{
    /// <summary>Null for what cannot be sent there at all, and for a file that is gone.</summary>
    internal async Task<OutboundMessage?> RunAsync(
        DeliveryDue due, ClaimResult.Claimed claimed, IProvider provider, CancellationToken cancellationToken)
    {
        var message = new OutboundMessage(
            new MessageId(due.Message), due.Message, claimed.To, claimed.Text, claimed.Template)
        {
            Quotes = provider.Sends.HasFlag(OutboundKinds.Quotes) ? claimed.Quotes : null,
        };
        // What cannot be read is not what was to be sent: not its words alone.
        if (claimed.Content is not { } content) return OutboundContent.IsNeededFor(claimed.Kind) ? null : message;
        if (!provider.Sends.HasFlag(content.Needs))
            return AsText(claimed.Text, content) is { } text ? message with { Text = text } : null;
        if (content is not OutboundContent.Media media) return message with { Content = content };
        OutboundFile? file = await files.FindAsync(new TenantId(due.Tenant), media.MediaId, cancellationToken);
        return file is null
            ? null
            : message with { Content = media with { IsVoice = file.IsVoice }, File = file };
    }

    private static string? AsText(string text, OutboundContent content) => content switch
    {
        OutboundContent.Buttons buttons => WithOptions(text, buttons.Options),
        OutboundContent.Choices choices => WithOptions(text, choices.Options),
        OutboundContent.Place place => string.Join('\n', new[]
        {
            text, place.Name, place.Address,
            string.Create(
                CultureInfo.InvariantCulture, $"https://maps.google.com/?q={place.Latitude},{place.Longitude}"),
        }.Where(line => !string.IsNullOrWhiteSpace(line))),
        _ => null,
    };

    private static string WithOptions(string text, IReadOnlyList<OutboundContent.Choice> options)
    {
        var lines = new StringBuilder(text).Append('\n');
        for (int i = 0; i < options.Count; i++)
            lines.Append(CultureInfo.InvariantCulture, $"\n{i + 1}. {options[i].Title}");
        return lines.ToString();
    }
}
