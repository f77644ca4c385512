using Vellarys.Channels;

namespace Vellarys.Tests.Channels;

/// <summary>A message of each kind that a provider may be able to send.</summary>
internal static class OutboundExamples
{
    public const string To = "5511999990000";

    public static IEnumerable<(OutboundKinds Needs, OutboundMessage Message)> All(Guid id)
    {
        OutboundMessage text = new(new MessageId(id), id, To, "Escolha {{nome}}");
        OutboundContent.Choice[] options = [new("a", "Sim"), new("b", "Não", "Fica para depois")];
        yield return (OutboundKinds.Quotes, text with { Quotes = "QUOTED" });
        yield return (OutboundKinds.Buttons, text with { Content = new OutboundContent.Buttons(options) });
        yield return (OutboundKinds.Lists, text with { Content = new OutboundContent.Choices("Ver", options) });
        yield return (OutboundKinds.Reactions, text with { Content = new OutboundContent.Reaction("TARGET", "👍") });
        yield return (OutboundKinds.Reactions, text with { Content = new OutboundContent.Reaction("TARGET", "") });
        yield return (OutboundKinds.Locations, text with
        {
            Content = new OutboundContent.Place(-23.55, -46.63, "Loja", null),
        });
        foreach (string kind in new[] { "image", "audio", "video", "document", "sticker" })
        {
            OutboundMessage media = text with { Text = "veja", Content = new OutboundContent.Media(kind, id) };
            yield return (OutboundKinds.Media, media with { File = File(null) });
            yield return (OutboundKinds.Media, media with { File = File(new Uri("https://files.example.com/x?s=1")) });
        }

        yield return (OutboundKinds.Media, text with
        {
            Text = "", Content = new OutboundContent.Media("audio", id, IsVoice: true), File = File(null),
        });
    }

    public static OutboundFile File(Uri? link) => new(
        "nota \"1\".pdf", "application/pdf", 5, link,
        _ => Task.FromResult<Stream>(new MemoryStream([1, 2, 3, 4, 5])));
}
