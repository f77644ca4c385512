using System.Text;
using System.Text.Json;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;

namespace Vellarys.Tests.Channels;

/// <summary>Recorded webhook bodies; <c>Payloads/meta</c> holds one file for each type.</summary>
internal static class Payloads
{
    public static readonly DateTimeOffset ReceivedAt = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static IEnumerable<string> Meta => Files("meta");

    public static IEnumerable<string> Dialog360 => Files("360dialog");

    public static byte[] Read(string file, string provider = "meta") =>
        File.ReadAllBytes(Path.Combine(Folder(provider), file));

    public static IReadOnlyList<WebhookItem> Items(byte[] body) => MetaWebhook.Read(body, ReceivedAt).Items;

    public static IReadOnlyList<WebhookItem> Items(string body) => Items(Encoding.UTF8.GetBytes(body));

    public static InboundEvent Single(string body) => Items(body).Single().Event;

    /// <summary>A body with one message, given by its JSON.</summary>
    public static string WithMessage(string message, string contacts = "[]") => WithValue(
        $$"""{"metadata":{"phone_number_id":"100"},"contacts":{{contacts}},"messages":[{{message}}]}""");

    public static string WithStatus(string status) =>
        WithValue($$"""{"metadata":{"phone_number_id":"100"},"statuses":[{{status}}]}""");

    public static string WithValue(string value, string field = "messages") =>
        $$"""
        {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[
            {"field":{{JsonSerializer.Serialize(field)}},"value":{{value}}}]}]}
        """;

    private static IEnumerable<string> Files(string provider) =>
        Directory.EnumerateFiles(Folder(provider), "*.json")
            .Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal);

    private static string Folder(string provider) =>
        Path.Combine(AppContext.BaseDirectory, "Channels", "Payloads", provider);
}
