using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;


namespace Vellarys.Channels.Uazapi;

/// <summary>What UAZAPI's answers and states mean.</summary>
internal static class UazapiOutcomes
{
    // The number may not open new chats for now: whoever wrote to it can still be answered.
    private const string TimeLock = "WHATSAPP_REACHOUT_TIMELOCK";

    public static SendOutcome Of(GatewayAnswer answer) => answer switch
    {
        GatewayAnswer.None none => GatewayOutcomes.Of(none),
        GatewayAnswer.Whole { IsSuccess: true } whole when Id(whole) is { } id => new SendOutcome.Sent(id),
        GatewayAnswer.Whole { IsSuccess: false } whole => OfError(whole),
        GatewayAnswer.Whole whole => GatewayOutcomes.OfStatus(whole),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    public static ChannelProbe OfProbe(GatewayAnswer answer)
    {
        if (answer is not GatewayAnswer.Whole { IsSuccess: true } whole) return GatewayOutcomes.OfProbe(answer);
        string? state = whole.Body.Part("instance"u8).Text("status"u8);
        JsonElement status = whole.Body.Part("status"u8);
        bool isIn = status.Flag("connected"u8)
            && (!status.Find("loggedIn"u8, out _) || status.Flag("loggedIn"u8));
        if (isIn) return new ChannelProbe.Accepted();
        if (status.Find("connected"u8, out _))
        {
            return state == "connecting"
                ? new ChannelProbe.Unclear("connecting")
                : new ChannelProbe.Refused(GatewayOutcomes.Disconnected);
        }

        return state switch
        {
            "connected" => new ChannelProbe.Accepted(),
            "disconnected" => new ChannelProbe.Refused(GatewayOutcomes.Disconnected),
            _ => GatewayOutcomes.OfProbe(answer),
        };
    }

    /// <summary>Null for what is none of our states.</summary>
    public static string? State(string? word) => word?.ToUpperInvariant() switch
    {
        "SENT" or "SERVER_ACK" => "sent",
        "DELIVERED" or "DELIVERY_ACK" => "delivered",
        "READ" => "read",
        "PLAYED" => "played",
        "FAILED" or "ERROR" => "failed",
        _ => null,
    };

    private static string? Id(GatewayAnswer.Whole whole)
    {
        JsonElement inner = whole.Body.Part("message"u8);
        if ((whole.Body.Key("messageid"u8) ?? inner.Key("messageid"u8)) is { } id) return id;
        // The owner's number stands before it.
        return (whole.Body.Key("id"u8) ?? inner.Key("id"u8)) is { } owned
            ? owned[(owned.IndexOf(':', StringComparison.Ordinal) + 1)..]
            : null;
    }

    private static SendOutcome OfError(GatewayAnswer.Whole whole)
    {
        string? key = whole.Body.Text("error_key"u8, 60);
        if (key == TimeLock || whole.Body.Word("provider_code"u8) == "463") return new SendOutcome.Refused(TimeLock);
        string words = GatewayErrors.WordsOf(whole.Body);
        if (GatewayErrors.SaysDisconnected(words))
            return new SendOutcome.Refused(GatewayOutcomes.Disconnected, StopsChannel: true);
        if (GatewayErrors.SaysNoWhatsApp(words)) return new SendOutcome.Refused(GatewayOutcomes.NoWhatsApp);
        // WhatsApp itself said no, although the status is that of a server in trouble.
        if (whole.Body.Text("error_source"u8) == "whatsapp_server")
            return new SendOutcome.Refused(key ?? whole.Body.Word("provider_code"u8, 20) ?? "whatsapp_server");
        if (whole.Status == 404 && whole.IsJson && !GatewayErrors.Say(words, "instance", "token"))
            return new SendOutcome.Refused(whole.Code);
        return GatewayOutcomes.OfStatus(whole);
    }
}
