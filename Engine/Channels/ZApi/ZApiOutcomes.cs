using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.ZApi;

/// <summary>What Z-API's answers and states mean.</summary>
internal static class ZApiOutcomes
{
    public static SendOutcome Of(GatewayAnswer answer) => answer switch
    {
        GatewayAnswer.None none => GatewayOutcomes.Of(none),
        GatewayAnswer.Whole { IsSuccess: true } whole
            when (whole.Body.Key("messageId"u8) ?? whole.Body.Key("id"u8)) is { } id => new SendOutcome.Sent(id),
        GatewayAnswer.Whole whole when !whole.IsSuccess || whole.Body.Find("error"u8, out _) => OfError(whole),
        GatewayAnswer.Whole whole => GatewayOutcomes.OfStatus(whole),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    /// <summary>Its error text is there even when all is well: only the flag counts.</summary>
    public static ChannelProbe OfProbe(GatewayAnswer answer)
    {
        if (answer is not GatewayAnswer.Whole { IsSuccess: true } whole
            || !whole.Body.Find("connected"u8, out JsonElement _))
        {
            return answer is GatewayAnswer.Whole refused && IsKeyFault(refused)
                ? new ChannelProbe.Refused(refused.Code)
                : GatewayOutcomes.OfProbe(answer);
        }

        return whole.Body.Flag("connected"u8)
            ? new ChannelProbe.Accepted()
            : new ChannelProbe.Refused(GatewayOutcomes.Disconnected);
    }

    /// <summary>Null for what is none of our states.</summary>
    public static string? State(string? word) => word?.ToUpperInvariant() switch
    {
        "SENT" => "sent",
        "RECEIVED" or "DELIVERED" => "delivered",
        "READ" => "read",
        "PLAYED" => "played",
        "ERROR" or "FAILED" => "failed",
        _ => null,
    };

    /// <summary>Why WhatsApp did not take a message: words for people, so they become one of ours.</summary>
    public static string Failure(JsonElement callback, string error) =>
        GatewayErrors.SaysNoWhatsApp(error.ToLowerInvariant()) ? GatewayOutcomes.NoWhatsApp
        : callback.Word("errorCode"u8, 32) ?? GatewayErrors.Slug(error) ?? "error";

    private static SendOutcome OfError(GatewayAnswer.Whole whole)
    {
        string words = GatewayErrors.WordsOf(whole.Body);
        if (GatewayErrors.SaysDisconnected(words))
            return new SendOutcome.Refused(GatewayOutcomes.Disconnected, StopsChannel: true);
        if (IsKeyFault(whole)) return new SendOutcome.Refused(whole.Code, StopsChannel: true);
        if (GatewayErrors.SaysNoWhatsApp(words)) return new SendOutcome.Refused(GatewayOutcomes.NoWhatsApp);
        return whole.IsSuccess
            ? new SendOutcome.Refused(GatewayErrors.Slug(whole.Body.Text("error"u8)) ?? "error")
            : GatewayOutcomes.OfStatus(whole);
    }

    /// <summary>
    /// <c>null not allowed</c>: the Client-Token is missing; an address: it is not on the account's list.
    /// </summary>
    private static bool IsKeyFault(GatewayAnswer.Whole whole) => GatewayErrors.Say(
        GatewayErrors.WordsOf(whole.Body), "not allowed", "instance not found", "client-token", "invalid token",
        "token inválido", "unauthorized");
}
