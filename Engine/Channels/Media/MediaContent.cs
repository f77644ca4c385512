namespace Vellarys.Channels.Media;

/// <summary>
/// What a file is by its first bytes, whatever its name or its sender says. What a browser or a computer would run is
/// nothing that is taken.
/// </summary>
internal static class MediaContent
{
    /// <summary>So many bytes tell.</summary>
    public const int Head = 512;

    private const string Binary = "application/octet-stream";

    /// <summary>The MIME type that the content shows, <c>application/octet-stream</c> for what it does not.</summary>
    public static string TypeOf(ReadOnlySpan<byte> head)
    {
        if (head is [0xFF, 0xD8, 0xFF, ..]) return "image/jpeg";
        if (head is [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..]) return "image/png";
        if (head.StartsWith("GIF8"u8)) return "image/gif";
        if (head.StartsWith("RIFF"u8) && head.Length >= 12) return Riff(head[8..12]);
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8)) return Iso(head[8..12]);
        if (head.StartsWith("OggS"u8)) return "audio/ogg";
        if (head.StartsWith("ID3"u8) || IsMpegFrame(head)) return IsAac(head) ? "audio/aac" : "audio/mpeg";
        if (head.StartsWith("#!AMR"u8)) return "audio/amr";
        if (head.StartsWith("fLaC"u8)) return "audio/flac";
        if (head is [0x1A, 0x45, 0xDF, 0xA3, ..]) return "video/webm";
        if (head.StartsWith("%PDF-"u8)) return "application/pdf";
        if (head is [0x50, 0x4B, 0x03, 0x04, ..]) return "application/zip";
        if (head is [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..]) return "application/x-ole-storage";
        if (IsProgram(head)) return "application/x-executable";
        // Invoices come as XML; a page or a drawing with scripts may begin like one.
        if (head.StartsWith("<?xml"u8) && !HasPage(head)) return "application/xml";
        if (IsMarkup(head)) return "text/html";
        return IsText(head) ? "text/plain" : Binary;
    }

    /// <summary>
    /// The type to store and serve; null where a file of this kind must not be taken with such content.
    /// </summary>
    /// <param name="stated">What the sender says: believed only where it says more than the content does.</param>
    public static string? Accept(string kind, string? stated, ReadOnlySpan<byte> head)
    {
        string shown = TypeOf(head);
        if (shown is "application/x-executable" or "text/html") return null;
        return kind switch
        {
            "image" or "sticker" => shown.StartsWith("image/", StringComparison.Ordinal) ? shown : null,
            // Voice and video share their containers.
            "audio" => shown.StartsWith("audio/", StringComparison.Ordinal) ? shown
                : shown is "video/mp4" or "video/3gpp" or "video/webm" ? string.Concat("audio/", shown.AsSpan(6))
                : null,
            "video" => shown.StartsWith("video/", StringComparison.Ordinal) ? shown
                : shown == "image/gif" ? shown : null,
            _ => Document(shown, stated),
        };
    }

    /// <summary>Office files are archives: which, only the sender says. Others go by what they show.</summary>
    private static string Document(string shown, string? stated)
    {
        bool isVague = shown is Binary or "application/zip" or "application/x-ole-storage" or "text/plain";
        return isVague && stated is not null && IsHarmless(stated) ? stated : shown;
    }

    private static bool IsHarmless(string stated) =>
        stated is "text/csv" or "text/plain" or "application/msword" or "application/json" or "text/vcard"
            or "application/zip" or "application/rtf"
        || stated.StartsWith("application/vnd.openxmlformats-officedocument.", StringComparison.Ordinal)
        || stated.StartsWith("application/vnd.oasis.opendocument.", StringComparison.Ordinal)
        || stated.StartsWith("application/vnd.ms-", StringComparison.Ordinal);

    private static string Riff(ReadOnlySpan<byte> form) =>
        form.SequenceEqual("WEBP"u8) ? "image/webp" : form.SequenceEqual("WAVE"u8) ? "audio/wav" : Binary;

    private static string Iso(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("3gp"u8) ? "video/3gpp"
        : brand.SequenceEqual("M4A "u8) ? "audio/mp4"
        : brand.SequenceEqual("qt  "u8) ? "video/quicktime"
        : brand.SequenceEqual("heic"u8) || brand.SequenceEqual("mif1"u8) ? "image/heic"
        : "video/mp4";

    private static bool IsMpegFrame(ReadOnlySpan<byte> head) => head is [0xFF, >= 0xE0, ..];

    private static bool IsAac(ReadOnlySpan<byte> head) => head is [0xFF, 0xF0 or 0xF1 or 0xF8 or 0xF9, ..];

    /// <summary>Windows, Linux, macOS, Java, and scripts that name their interpreter.</summary>
    private static bool IsProgram(ReadOnlySpan<byte> head) =>
        (head.StartsWith("MZ"u8) && !IsText(head)) || head.StartsWith("#!"u8) || head.StartsWith("dex\n"u8)
        || head is [0x7F, 0x45, 0x4C, 0x46, ..] or [0xCA, 0xFE, 0xBA, 0xBE, ..] or [0xCF, 0xFA, 0xED, 0xFE, ..]
            or [0xFE, 0xED, 0xFA, ..];

    /// <summary>What a browser would take for a page or a drawing with scripts.</summary>
    private static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> text = head is [0xEF, 0xBB, 0xBF, ..] ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.Length < 2 || text[0] != (byte)'<') return false;
        return text[1] is (byte)'!' or (byte)'?' || char.IsAsciiLetter((char)text[1]);
    }

    private static bool HasPage(ReadOnlySpan<byte> head) =>
        head.IndexOf("<svg"u8) >= 0 || head.IndexOf("<html"u8) >= 0 || head.IndexOf("<!DOCTYPE html"u8) >= 0
        || head.IndexOf("xhtml"u8) >= 0;

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return false;
        foreach (byte b in head)
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) return false;
        return true;
    }
}
