namespace Vellarys.Channels.Gateways.Calls;

/// <summary>What an answer means where the gateway's own words do not say it.</summary>
internal static class GatewayOutcomes
{
    public const string Disconnected = "disconnected";
    public const string NoWhatsApp = "not_on_whatsapp";

    /// <summary>A file that could not be read is read again; nothing of it went out as a message.</summary>
    public static SendOutcome Of(GatewayAnswer.None none) => none switch
    {
        { MayHaveLeft: true } => new SendOutcome.Uncertain(none.Code, Answered: false),
        // Its server leads into our own network: nobody but the company can mend that.
        { Code: "not_public" } => new SendOutcome.Refused(none.Code, StopsChannel: true),
        _ => new SendOutcome.NotNow(none.Code),
    };

    public static SendOutcome OfStatus(GatewayAnswer.Whole answer) => answer.Status switch
    {
        // Accepted, it seems, but without the id that its statuses will name.
        < 300 => new SendOutcome.Uncertain("no_id", Answered: false),
        401 => new SendOutcome.Refused(answer.Code, StopsChannel: true),
        429 or 503 => new SendOutcome.NotNow(answer.Code, answer.RetryAfter),
        // The gateway gives its reasons as JSON: a bare refusal is that of a proxy on the way.
        < 400 or 403 or 404 or 407 when !answer.IsJson =>
            new SendOutcome.NotNow(answer.Code, answer.RetryAfter, DoubtsAccount: true),
        403 or 404 => new SendOutcome.Refused(answer.Code, StopsChannel: true),
        408 or >= 500 => new SendOutcome.Uncertain(answer.Code, Answered: true),
        _ => new SendOutcome.Refused(answer.Code),
    };

    /// <summary>What a look at the connection shows, where the answer has nothing of it.</summary>
    public static ChannelProbe OfProbe(GatewayAnswer answer) => answer switch
    {
        GatewayAnswer.None { Code: "not_public" } => new ChannelProbe.Refused("not_public"),
        GatewayAnswer.None none => new ChannelProbe.Unclear(none.Code),
        GatewayAnswer.Whole { Status: 401 or 403 or 404, IsJson: true } whole => new ChannelProbe.Refused(whole.Code),
        GatewayAnswer.Whole { Status: 401 } whole => new ChannelProbe.Refused(whole.Code),
        GatewayAnswer.Whole { IsSuccess: true } => new ChannelProbe.Unclear("no_state"),
        GatewayAnswer.Whole whole => new ChannelProbe.Unclear(whole.Code),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };
}
