using System.Text;

namespace Vellarys.Channels.Media;

/// <summary>File names of strangers: never a path, and never what a shell or a header would trip over.</summary>
internal static class MediaName
{
    public const int MaxLength = 200;

    /// <summary>A name to show and to save under; one made of the kind where there is none.</summary>
    public static string Of(string? given, string kind, string mimeType)
    {
        var name = new StringBuilder();
        string last = (given ?? "").Replace('\\', '/').Split('/')[^1];
        foreach (Rune rune in last.EnumerateRunes())
        {
            bool isPlain = Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '.' or '-' or '_' or '(' or ')' or ',';
            if (name.Length + rune.Utf16SequenceLength > MaxLength) break;
            name.Append(isPlain ? rune.ToString() : "_");
        }

        string clean = name.ToString().Trim('.', ' ');
        return clean.Length > 0 ? clean : kind + ExtensionOf(mimeType);
    }

    /// <summary>
    /// What a computer would run for its name alone, whatever it holds: as its sender writes it, and as it is saved.
    /// </summary>
    public static bool IsProgram(string? given) => EndsAsOne(given) || EndsAsOne(Of(given, "", ""));

    private static bool EndsAsOne(string? name) => Path.GetExtension(name?.TrimEnd(' ', '.'))?.ToLowerInvariant() is
        ".apk" or ".bat" or ".chm" or ".cmd" or ".com" or ".command" or ".cpl" or ".desktop" or ".dll" or ".docm"
        or ".exe" or ".hta" or ".htm" or ".html" or ".img" or ".iso" or ".jar" or ".jnlp" or ".js" or ".jse" or ".lnk"
        or ".mht" or ".mhtml" or ".msc" or ".msi" or ".msp" or ".pif" or ".pptm" or ".ps1" or ".py" or ".reg" or ".scf"
        or ".scr" or ".sh" or ".svg" or ".url" or ".vb" or ".vbe" or ".vbs" or ".vhd" or ".ws" or ".wsf" or ".xhtml"
        or ".xll" or ".xlsm";

    private static string ExtensionOf(string mimeType) => mimeType switch
    {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        "audio/ogg" => ".ogg",
        "audio/mpeg" => ".mp3",
        "audio/mp4" => ".m4a",
        "audio/aac" => ".aac",
        "audio/amr" => ".amr",
        "video/mp4" => ".mp4",
        "video/3gpp" => ".3gp",
        "application/pdf" => ".pdf",
        "text/plain" => ".txt",
        _ => "",
    };
}
