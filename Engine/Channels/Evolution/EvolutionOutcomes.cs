using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;


namespace Vellarys.Channels.Evolution;

/// <summary>What Evolution's answers and states mean.</summary>
internal static class EvolutionOutcomes
{
    private const string NoLicence = "LICENSE_REQUIRED";

    public static SendOutcome Of(GatewayAnswer answer) => answer switch
    {
        GatewayAnswer.None none => GatewayOutcomes.Of(none),
        GatewayAnswer.Whole { IsSuccess: true } whole when whole.Body.Part("key"u8).Key("id"u8) is { } id =>
            new SendOutcome.Sent(id),
        GatewayAnswer.Whole { IsSuccess: false } whole => OfError(whole),
        GatewayAnswer.Whole whole => GatewayOutcomes.OfStatus(whole),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    public static ChannelProbe OfProbe(GatewayAnswer answer)
    {
        if (answer is not GatewayAnswer.Whole whole) return GatewayOutcomes.OfProbe(answer);
        if (whole.Body.Text("code"u8) == NoLicence) return new ChannelProbe.Refused(NoLicence);
        string? state = whole.Body.Part("instance"u8).Text("state"u8) ?? whole.Body.Text("state"u8);
        return whole.IsSuccess
            ? state switch
            {
                "open" => new ChannelProbe.Accepted(),
                "close" or "closed" or "refused" => new ChannelProbe.Refused(GatewayOutcomes.Disconnected),
                "connecting" => new ChannelProbe.Unclear("connecting"),
                _ => GatewayOutcomes.OfProbe(answer),
            }
            : GatewayOutcomes.OfProbe(answer);
    }

    /// <summary>Null for what is no news: it is on its way, or it is none of our states.</summary>
    public static string? State(string? word) => word?.ToUpperInvariant() switch
    {
        "SERVER_ACK" or "2" => "sent",
        "DELIVERY_ACK" or "3" => "delivered",
        "READ" or "4" => "read",
        "PLAYED" or "5" => "played",
        "ERROR" or "0" => "failed",
        _ => null,
    };

    private static SendOutcome OfError(GatewayAnswer.Whole whole)
    {
        if (whole.Body.Text("code"u8) == NoLicence) return new SendOutcome.Refused(NoLicence, StopsChannel: true);
        // {"response":{"message":[{"jid","exists":false,"number"}]}}
        if (whole.Status < 500 && SaysNobody(whole)) return new SendOutcome.Refused(GatewayOutcomes.NoWhatsApp);
        string words = GatewayErrors.WordsOf(whole.Body);
        if (GatewayErrors.SaysDisconnected(words))
            return new SendOutcome.Refused(GatewayOutcomes.Disconnected, StopsChannel: true);
        if (whole.Status is 404 && GatewayErrors.Say(words, "instance"))
            return new SendOutcome.Refused("no_instance", StopsChannel: true);
        if (GatewayErrors.SaysNoWhatsApp(words)) return new SendOutcome.Refused(GatewayOutcomes.NoWhatsApp);
        // WhatsApp did not answer Evolution in time: nobody knows.
        if (GatewayErrors.Say(words, "timed out", "timeout"))
            return new SendOutcome.Uncertain("timed_out", Answered: true);
        return GatewayOutcomes.OfStatus(whole);
    }

    private static bool SaysNobody(GatewayAnswer.Whole whole) =>
        whole.Body.Part("response"u8).List("message"u8).Concat(whole.Body.List("message"u8))
            .Any(m => m.Find("exists"u8, out JsonElement exists) && exists.ValueKind == JsonValueKind.False);
}
