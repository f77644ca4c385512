using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// A <see cref="BrokerMessage"/> in a broker's terms: bytes, a subject, and properties of simple types. The same
/// whatever the broker's client library calls them.
/// </summary>
/// <param name="Id">For the broker's duplicate detection.</param>
/// <param name="Body">UTF-8 JSON; compressed where it is large (<c>encoding</c> says so).</param>
/// <param name="NotBefore">When the broker may hand it out; null for at once.</param>
public sealed record BrokerEnvelope(
    string Id, ReadOnlyMemory<byte> Body, string? Subject, DateTimeOffset? NotBefore,
    IReadOnlyDictionary<string, object> Properties)
{
    // Brokers take 256 KiB with everything around it; provider JSON shrinks to a tenth.
    private const int LargeBody = 48 * 1024;
    private const int LongestBody = 64 * 1024 * 1024;
    private const string Brotli = "br";

    public static BrokerEnvelope Of(BrokerMessage sent)
    {
        QueueMessage message = sent.Message;
        Dictionary<string, object> properties = new()
        {
            ["queue"] = message.Queue,
            ["id"] = message.Id.ToString(),
            ["priority"] = (int)message.Priority,
            ["attempt"] = sent.Attempt,
            ["copy"] = sent.Copy,
        };
        Add(properties, "tenant", message.Tenant?.Value.ToString());
        Add(properties, "trace", message.TraceParent);
        Add(properties, "order", message.OrderKey?.ToString());
        Add(properties, "follows", message.Follows);
        Add(properties, "history", sent.History);
        Add(properties, "round", sent.Round);
        if (sent.Waited > TimeSpan.Zero) properties["waited"] = (int)sent.Waited.TotalMilliseconds;
        byte[] body = Encoding.UTF8.GetBytes(message.Body);
        if (body.Length > LargeBody) (body, properties["encoding"]) = (Compress(body), Brotli);
        return new(sent.Id, body, message.Subject, message.NotBefore, properties);
    }

    /// <exception cref="PermanentFault">It is none of ours, or damaged.</exception>
    public static BrokerMessage Read(
        ReadOnlyMemory<byte> body, string? subject, IReadOnlyDictionary<string, object> properties)
    {
        try
        {
            bool isCompressed = Text(properties, "encoding") == Brotli;
            QueueMessage message = new(
                Required(properties, "queue"), Guid.Parse(Required(properties, "id")),
                isCompressed ? Decompress(body) : Encoding.UTF8.GetString(body.Span))
            {
                Priority = (QueuePriority)Number(properties, "priority", (int)QueuePriority.Normal),
                Tenant = Text(properties, "tenant") is { } tenant ? new TenantId(Guid.Parse(tenant)) : null,
                Subject = subject,
                TraceParent = Text(properties, "trace"),
                OrderKey = Text(properties, "order") is { } order ? Guid.Parse(order) : null,
                Follows = Text(properties, "follows"),
            };
            return new(
                message, Number(properties, "attempt", 1), Number(properties, "copy", 0), Text(properties, "history"))
            {
                Round = Text(properties, "round"),
                Waited = TimeSpan.FromMilliseconds(Number(properties, "waited", 0)),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or InvalidDataException
            or OverflowException or InvalidOperationException)
        {
            throw new PermanentFault("bad_envelope", "The message was not sent by this product, or is damaged.", e);
        }
    }

    private static void Add(Dictionary<string, object> properties, string name, string? value)
    {
        if (value is not null) properties[name] = value;
    }

    private static string? Text(IReadOnlyDictionary<string, object> properties, string name) =>
        properties.TryGetValue(name, out object? value) ? (string)value : null;

    private static string Required(IReadOnlyDictionary<string, object> properties, string name) =>
        Text(properties, name) ?? throw new FormatException($"no property {name}");

    private static int Number(IReadOnlyDictionary<string, object> properties, string name, int missing) =>
        properties.TryGetValue(name, out object? value)
            ? Convert.ToInt32(value, CultureInfo.InvariantCulture)
            : missing;

    private static byte[] Compress(byte[] body)
    {
        using MemoryStream packed = new();
        using (BrotliStream brotli = new(packed, CompressionLevel.Fastest)) brotli.Write(body);
        return packed.ToArray();
    }

    private static string Decompress(ReadOnlyMemory<byte> body)
    {
        using BrotliStream brotli = new(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        using MemoryStream plain = new();
        byte[] piece = new byte[81_920];
        for (int read; (read = brotli.Read(piece)) > 0;)
        {
            plain.Write(piece, 0, read);
            if (plain.Length > LongestBody) throw new InvalidDataException("unpacks to more than it may");
        }

        return Encoding.UTF8.GetString(plain.GetBuffer(), 0, (int)plain.Length);
    }
}
