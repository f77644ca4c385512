using System.Net;
using Vellarys.Http;

namespace Vellarys.Accounts.Teams;

/// <summary>An agent as somebody wants it; what is absent takes its default.</summary>
internal sealed record AgentInput
{
    public static readonly string[] Roles = ["agent", "supervisor"];

    public static readonly string[] Presences = ["online", "away", "offline"];

    private const int MaxName = 200;
    private const int MaxCapacity = 1_000;
    private const int MaxSkills = 50;
    private const int MaxSkill = 100;
    private const int MaxUrl = 2_000;

    public string? Name { get; set; }

    public string? Role { get; set; } = "agent";

    /// <summary>Conversations at a time. Default 5; 0 takes none.</summary>
    public int Capacity { get; set; } = 5;

    /// <summary>What somebody must know for some customers. Default none.</summary>
    public IReadOnlyList<string?>? Skills { get; set; } = [];

    /// <summary>Null (default) for the tenant's own.</summary>
    public OpeningHours? Hours { get; set; }

    /// <summary>Where offers are posted to; null (default) for nowhere.</summary>
    public string? NotifyUrl { get; set; }

    /// <summary>Where offers are sent to, digits with the country code; null (default) for nowhere.</summary>
    public string? NotifyPhone { get; set; }

    /// <summary>False for somebody who has left. Default true.</summary>
    public bool Active { get; set; } = true;

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public FieldFault? Fault()
    {
        if (TextInput.Fault(Name, MaxName) is { } name) return new FieldFault("name", name);
        if (!Roles.Contains(Role)) return new FieldFault("role", $"must be {string.Join(" or ", Roles)}");
        if (Capacity is < 0 or > MaxCapacity)
            return new FieldFault("capacity", $"must be a number from 0 to {MaxCapacity}");
        if (Hours?.Fault() is { } hours) return new FieldFault($"hours.{hours.Field}", hours.Reason);
        if (NotifyUrl is not null && !IsCallback(NotifyUrl))
        {
            return new FieldFault(
                "notifyUrl", $"must be an https address of at most {MaxUrl} characters (http only on this machine)");
        }

        if (NotifyPhone is not null && !IsPhone(NotifyPhone))
            return new FieldFault("notifyPhone", "must be 8 to 15 digits, country code first");
        return SkillsFault();
    }

    /// <summary>Each once, without spaces around it.</summary>
    public string[] DistinctSkills() => [.. Skills!.Select(s => s!.Trim()).Distinct(StringComparer.Ordinal)];

    private FieldFault? SkillsFault()
    {
        if (Skills is null) return new FieldFault("skills", "must be a list");
        if (Skills.Count > MaxSkills) return new FieldFault("skills", $"must have at most {MaxSkills} entries");
        for (int i = 0; i < Skills.Count; i++)
        {
            if (TextInput.Fault(Skills[i], MaxSkill) is { } skill) return new FieldFault($"skills[{i}]", skill);
        }

        return null;
    }

    private static bool IsPhone(string text) => text.Length is >= 8 and <= 15 && text.All(char.IsAsciiDigit);

    private static bool IsCallback(string text) =>
        text.Length <= MaxUrl && TextInput.Fault(text, MaxUrl) is null
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsLoopback(url)));

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
