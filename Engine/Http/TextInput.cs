using System.Text;

namespace Vellarys.Http;

/// <summary>Checks on text that people send.</summary>
internal static class TextInput
{
    /// <summary>PostgreSQL keeps no such character, and no customer writes one.</summary>
    public const string Nul = "must not contain NUL";

    /// <summary>Null when the text is fine.</summary>
    public static string? Fault(string? text, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(text)) return "must not be empty";
        if (text.Length > maxLength) return $"must have at most {maxLength} characters";
        if (text.Contains('\0', StringComparison.Ordinal)) return Nul;
        return IsWellFormed(text) ? null : "must be well-formed Unicode";
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int used) != System.Buffers.OperationStatus.Done) return false;
            text = text[used..];
        }

        return true;
    }
}
