namespace Vellarys.Channels.Gateways;

/// <summary>
/// WhatsApp's own address of a person or a chat: <c>5511987650001@s.whatsapp.net</c>, <c>8189660419@lid</c>,
/// <c>1203630@g.us</c>; also as gateways write it, with a device (<c>:12</c>) or as bare digits.
/// </summary>
/// <param name="User">Without the device.</param>
internal readonly record struct Jid(string User, JidKind Kind)
{
    private const int MaxChars = 128;

    /// <summary>Null for what is no address at all.</summary>
    public static Jid? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxChars) return null;
        string trimmed = text.Trim();
        int at = trimmed.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) return Bare(trimmed);
        // The device's number, and the agent's before it, are no part of who it is.
        string user = trimmed[..at].Split(':', '_')[0];
        return trimmed[(at + 1)..].ToLowerInvariant() switch
        {
            "s.whatsapp.net" or "c.us" or "hosted" => PhoneNumbers.IsDigits(user) ? new Jid(user, JidKind.Phone) : null,
            "lid" or "hosted.lid" => PhoneNumbers.IsDigits(user) ? new Jid(user, JidKind.Lid) : null,
            "g.us" => new Jid(user, JidKind.Group),
            "newsletter" => new Jid(user, JidKind.Newsletter),
            "broadcast" => new Jid(user, user == "status" ? JidKind.Story : JidKind.Broadcast),
            _ => null,
        };
    }

    /// <summary>
    /// Why what is said there is not said to the company, in a word; null for a person, and for what is unknown.
    /// </summary>
    public static string? NotAPerson(string? text) => Parse(text)?.Kind switch
    {
        JidKind.Group => "group",
        JidKind.Newsletter => "newsletter",
        JidKind.Broadcast => "broadcast",
        JidKind.Story => "story",
        _ => null,
    };

    /// <summary>A number as people write it, or the words that one gateway puts behind a number.</summary>
    private static Jid? Bare(string text)
    {
        if (text.EndsWith("-group", StringComparison.Ordinal)) return new Jid(text[..^"-group".Length], JidKind.Group);
        if (text.EndsWith("-broadcast", StringComparison.Ordinal))
            return new Jid(text[..^"-broadcast".Length], JidKind.Broadcast);
        return PhoneNumbers.Plain(text) is { } digits && PhoneNumbers.IsDigits(digits)
            ? new Jid(digits, JidKind.Phone)
            : null;
    }

    /// <summary>As WhatsApp writes it.</summary>
    public override string ToString() => Kind switch
    {
        JidKind.Phone => User + "@s.whatsapp.net",
        JidKind.Lid => User + "@lid",
        JidKind.Group => User + "@g.us",
        JidKind.Newsletter => User + "@newsletter",
        _ => User + "@broadcast",
    };
}

/// <summary>What an address is of.</summary>
internal enum JidKind
{
    /// <summary>A person, by number.</summary>
    Phone,

    /// <summary>A person, by a stand-in that WhatsApp made up: its digits are no number.</summary>
    Lid,

    Group,

    Newsletter,

    /// <summary>A list of people who each get a message of their own.</summary>
    Broadcast,

    /// <summary>What people show for a day to all who know them.</summary>
    Story,
}
