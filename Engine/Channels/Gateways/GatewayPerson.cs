namespace Vellarys.Channels.Gateways;

/// <summary>The customer of an event.</summary>
/// <param name="Address">What replies go to: the digits of the number as they came, else <c>...@lid</c>.</param>
/// <param name="Identities">
/// The number in its canonical form, then the stand-in (LID): not every release of a gateway tells both, and the number
/// is what most of them tell.
/// </param>
internal readonly record struct GatewayPerson(string Address, IReadOnlyList<IdentityKey> Identities, string? Name)
{
    /// <summary>Null when none of the addresses is a person's.</summary>
    /// <param name="name">What the customer calls themselves; a number is no name.</param>
    public static GatewayPerson? Of(string? name, params ReadOnlySpan<string?> addresses)
    {
        string? phone = null, lid = null;
        foreach (string? address in addresses)
        {
            if (Jid.Parse(address) is not { } jid) continue;
            if (jid.Kind == JidKind.Phone) phone ??= jid.User;
            if (jid.Kind == JidKind.Lid) lid ??= jid.User;
        }

        if (phone is null && lid is null) return null;
        List<IdentityKey> identities = [];
        if (phone is not null) identities.Add(new IdentityKey("phone", PhoneNumbers.Canonical(phone)));
        if (lid is not null) identities.Add(new IdentityKey("lid", lid));
        bool isName = !string.IsNullOrWhiteSpace(name) && !PhoneNumbers.IsDigits(PhoneNumbers.Plain(name.Trim()))
            && !name.Contains('@', StringComparison.Ordinal);
        return new GatewayPerson(phone ?? lid + "@lid", identities, isName ? name : null);
    }
}
