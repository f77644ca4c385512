using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vellarys.Channels;

/// <summary>
/// Counts a body through before anything is made of it, in one pass and without memory of its own. The bounds are far
/// above what any provider sends (Meta: a thousand updates a body), and low enough that what is read within them costs
/// no more than its bytes.
/// </summary>
internal static class JsonBounds
{
    public const int MaxDepth = 64;

    /// <summary>In one array: items, contacts, changes.</summary>
    public const int MaxElements = 10_000;

    /// <summary>In one object.</summary>
    public const int MaxProperties = 1_000;

    /// <summary>In the whole body: objects, arrays, strings, numbers.</summary>
    public const int MaxValues = 500_000;

    private const int MaxName = 40;

    /// <exception cref="MalformedWebhook">Beyond the bounds; says where.</exception>
    /// <exception cref="JsonException">No JSON.</exception>
    public static void Check(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        // The first stands for the body itself.
        Span<Level> levels = stackalloc Level[MaxDepth + 1];
        levels.Clear();
        int depth = 0, values = 0;
        while (reader.Read())
        {
            ref Level level = ref levels[depth];
            switch (reader.TokenType)
            {
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    depth--;
                    continue;
                case JsonTokenType.PropertyName:
                    if (++level.Count > MaxProperties)
                        throw Beyond(body, levels[..depth], $"has more than {MaxProperties} properties");
                    (level.NameAt, level.NameLength) = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                    continue;
            }

            if (++values > MaxValues) throw new MalformedWebhook("$", $"holds more than {MaxValues} values");
            if (!level.IsObject && ++level.Count > MaxElements)
                throw Beyond(body, levels[..depth], $"holds more than {MaxElements} items");
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                levels[++depth] = new Level { IsObject = reader.TokenType == JsonTokenType.StartObject };
        }
    }

    /// <param name="way">From the body to what holds the object or array at fault.</param>
    private static MalformedWebhook Beyond(ReadOnlySpan<byte> body, ReadOnlySpan<Level> way, string reason)
    {
        var path = new StringBuilder("$");
        foreach (Level level in way.Length > 0 ? way[1..] : way)
        {
            if (level.IsObject)
            {
                ReadOnlySpan<byte> name = body.Slice(level.NameAt, Math.Min(level.NameLength, MaxName));
                path.Append('.').Append(Encoding.UTF8.GetString(name));
            }
            else
            {
                path.Append(CultureInfo.InvariantCulture, $"[{level.Count - 1}]");
            }
        }

        return new MalformedWebhook(path.ToString(), reason);
    }

    /// <summary>An object or array that the reader is in: how much it holds, and the place it has come to.</summary>
    private struct Level
    {
        public bool IsObject;
        public int Count;
        public int NameAt;
        public int NameLength;
    }
}
