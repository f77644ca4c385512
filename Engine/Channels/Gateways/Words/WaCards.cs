using System.Text.Json;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>Contacts that the customer shares: names as text, how to reach them beside it.</summary>
internal static class WaCards
{
    public static GatewayContent Read(IEnumerable<JsonElement> cards)
    {
        var details = new MessageDetails();
        List<string> names = [];
        foreach (JsonElement card in cards)
        {
            string? vcard = card.Text("vcard"u8, 20_000);
            string? name = card.Text("displayName"u8, 500) ?? VCard.NameOf(vcard);
            if (name is not null) names.Add(name);
            details.Add("contact", VCard.Line(name, vcard));
        }

        string text = string.Join(", ", names);
        if (text.Length > GatewayContent.MaxText) text = text[..GatewayContent.MaxText];
        return GatewayContent.Message("contacts", text) with { Details = details };
    }
}
