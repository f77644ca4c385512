using System.Globalization;
using System.Text;

namespace Vellarys.Channels;

/// <summary>
/// Collects what came with a message beside its text, within bounds: it is stored, shown to staff and read by the
/// model, and all of it is written by strangers.
/// </summary>
internal sealed class MessageDetails
{
    private const int MaxCount = 40;
    private const int MaxName = 60;
    private const int MaxValue = 500;
    private const int MaxChars = 4_096;
    private readonly List<MessageDetail> _details = [];
    private int _chars;

    /// <summary>Null when there are none.</summary>
    public IReadOnlyList<MessageDetail>? List => _details.Count == 0 ? null : _details;

    /// <summary>Left out when it is empty, or when there is no more room.</summary>
    public void Add(string name, string? value)
    {
        if (value is null || _details.Count == MaxCount) return;
        string line = OneLine(value, MaxValue);
        string label = OneLine(name, MaxName);
        if (line.Length == 0 || label.Length == 0 || _chars + label.Length + line.Length > MaxChars) return;
        _chars += label.Length + line.Length;
        _details.Add(new MessageDetail(label, line));
    }

    /// <summary>
    /// Line feeds and other control characters, the invisible marks of direction too, become one space.
    /// </summary>
    private static string OneLine(string value, int maxChars)
    {
        var line = new StringBuilder(Math.Min(value.Length, maxChars));
        foreach (Rune rune in value.EnumerateRunes())
        {
            bool isBlank = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || IsHidden(rune);
            if (isBlank && (line.Length == 0 || line[^1] == ' ')) continue;
            if (line.Length + rune.Utf16SequenceLength > maxChars) break;
            line.Append(isBlank ? " " : rune.ToString());
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Joiners within words and emoji are no such marks.</summary>
    private static bool IsHidden(Rune rune) => rune.Value is not (0x200C or 0x200D or (>= 0xE0020 and <= 0xE007F))
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;
}
