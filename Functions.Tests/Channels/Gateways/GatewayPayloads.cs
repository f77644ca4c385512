using System.Text;
using Vellarys.Channels;
using Vellarys.Channels.Evolution;
using Vellarys.Channels.Uazapi;
using Vellarys.Channels.ZApi;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>Recorded bodies of the gateways, and what becomes of a body in short.</summary>
internal static class GatewayPayloads
{
    public static readonly DateTimeOffset ReceivedAt = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly string[] Folders = ["evolution", "uazapi", "zapi"];

    public static string[] Files =>
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(AppContext.BaseDirectory, "Channels", "Payloads", folder), "*.json")
            .Select(path => $"{folder}/{Path.GetFileName(path)}")).Order(StringComparer.Ordinal),
    ];

    public static byte[] Body(string file) => Payloads.Read(file.Split('/')[1], file.Split('/')[0]);

    public static IReadOnlyList<WebhookItem> Items(string folder, ReadOnlyMemory<byte> body) => folder switch
    {
        "evolution" => EvolutionWebhook.Read(body, ReceivedAt).Items,
        "uazapi" => UazapiWebhook.Read(body, ReceivedAt).Items,
        _ => ZApiWebhook.Read(body, ReceivedAt).Items,
    };

    public static IReadOnlyList<WebhookItem> Items(string file) => Items(file.Split('/')[0], Body(file));

    public static InboundEvent Single(string folder, string body) =>
        Items(folder, Encoding.UTF8.GetBytes(body)).Single().Event;

    /// <summary>One line: kind, type, address, identities, name, text; file and reference where there are.</summary>
    public static string Short(InboundEvent e)
    {
        if (e.Status is { } status)
            return $"Status {status.State} {status.ProviderMessageId} {status.ErrorCode}".Trim();
        if (e.Kind == InboundKind.Unknown) return $"Unknown {e.Type}";
        string identities = string.Join(' ', e.Identities.Select(i => $"{i.Kind}:{i.Value}"));
        var line = new StringBuilder($"{e.Kind} {e.Type} {e.Address} [{identities}] ({e.ProfileName}) \"{e.Text}\"");
        if (e.Media is { } m)
            line.Append(null, $" <{m.Kind} {m.MimeType}{(m.IsVoice ? " voice" : "")}{(m.IsViewOnce ? " once" : "")}>");
        if (e.RefersTo is { } about) line.Append(null, $" -> {about}");
        if (e.Source is { } source) line.Append(null, $" by {source}");
        return line.ToString();
    }
}
