using System.Text.Json;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>
/// Kinds of messages that only companies and their programs send, and the rare ones of people: the words in them.
/// </summary>
internal static class WaTexts
{
    private const int MaxText = GatewayContent.MaxText;

    /// <summary>Null for a kind that is unknown.</summary>
    public static GatewayContent? Read(string name, JsonElement content) => name switch
    {
        "buttonsmessage" => Text(content.Text("contentText"u8, MaxText) ?? content.Text("text"u8, MaxText)),
        "listmessage" => Text(content.Text("description"u8, MaxText) ?? content.Text("title"u8, MaxText)),
        "templatemessage" => Template(content),
        "interactivemessage" => Text(
            content.Part("body"u8).Text("text"u8, MaxText) ?? content.Part("header"u8).Text("title"u8, MaxText)),
        "highlystructuredmessage" => Template(content.Part("hydratedHsm"u8)),
        "groupinvitemessage" => Invite(content),
        "eventmessage" => Event(content),
        "sendpaymentmessage" or "requestpaymentmessage" or "declinepaymentrequestmessage"
            or "cancelpaymentrequestmessage" or "paymentinvitemessage" or "invoicemessage" => Payment(content),
        "requestphonenumbermessage" => GatewayContent.Notice("request_phone_number", null),
        "enceventresponsemessage" => GatewayContent.Notice("event_response", null),
        "encreactionmessage" => GatewayContent.Notice("reaction", null),
        "newsletteradmininvitemessage" => GatewayContent.Nothing("newsletter"),
        "stickersyncrmrmessage" or "messagehistorybundle" or "messagehistorynotice" =>
            GatewayContent.Nothing("protocol"),
        _ => null,
    };

    private static GatewayContent Text(string? text) =>
        text is null ? GatewayContent.Unsupported(null) : GatewayContent.Message("text", text);

    private static GatewayContent Template(JsonElement content)
    {
        JsonElement hydrated = content.Part("hydratedTemplate"u8);
        if (hydrated.ValueKind != JsonValueKind.Object) hydrated = content.Part("hydratedFourRowTemplate"u8);
        return Text(hydrated.Text("hydratedContentText"u8, MaxText) ?? hydrated.Text("hydratedTitleText"u8, MaxText)
            ?? content.Part("interactiveMessageTemplate"u8).Part("body"u8).Text("text"u8, MaxText));
    }

    private static GatewayContent Invite(JsonElement content)
    {
        GatewayContent read = GatewayContent.Message(
            "group_invite", content.Text("caption"u8, MaxText) ?? content.Text("groupName"u8, MaxText));
        read.Details.Add("group", content.Text("groupName"u8));
        return read;
    }

    private static GatewayContent Event(JsonElement content)
    {
        GatewayContent read = GatewayContent.Message("event", content.Text("name"u8, MaxText));
        read.Details.Add("event.description", content.Text("description"u8, 500));
        return read;
    }

    private static GatewayContent Payment(JsonElement content)
    {
        string? note = content.Part("noteMessage"u8).Part("extendedTextMessage"u8).Text("text"u8, MaxText)
            ?? content.Part("noteMessage"u8).Text("conversation"u8, MaxText) ?? content.Text("note"u8, MaxText);
        GatewayContent read = GatewayContent.Message("payment", note);
        read.Details.Add("payment.currency", content.Text("currencyCodeIso4217"u8, 10));
        return read;
    }
}
