using System.Globalization;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// What an answer means for the message. Meta's code decides: the same code comes with different HTTP statuses.
/// </summary>
internal static class MetaOutcomes
{
    /// <summary>One message in six seconds to the same person.</summary>
    private static readonly TimeSpan PairPause = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Maintenance = TimeSpan.FromMinutes(1);

    // Longer waits than this are looked at again in between.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static SendOutcome Of(MetaAnswer answer) => answer switch
    {
        MetaAnswer.None { MayHaveLeft: true } none => new SendOutcome.Uncertain(none.Code, Answered: false),
        MetaAnswer.None none => new SendOutcome.NotNow(none.Code),
        MetaAnswer.Whole { ErrorCode: { } code } whole => OfCode(code, whole),
        MetaAnswer.Whole { Status: >= 200 and < 300, MessageId: { Length: > 0 } id } => new SendOutcome.Sent(id),
        MetaAnswer.Whole whole => OfStatus(whole),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    /// <summary>What an answer to a look at the number means.</summary>
    public static ChannelProbe OfProbe(MetaAnswer answer) => OfProbe(answer, Of);

    /// <param name="outcomes">What the same answer to a send would mean.</param>
    public static ChannelProbe OfProbe(MetaAnswer answer, Func<MetaAnswer, SendOutcome> outcomes) => answer switch
    {
        MetaAnswer.None none => new ChannelProbe.Unclear(none.Code),
        MetaAnswer.Whole { IsSuccess: true, Health: "BLOCKED" } => new ChannelProbe.Refused("health_blocked"),
        MetaAnswer.Whole { IsSuccess: true, ErrorCode: null } => new ChannelProbe.Accepted(),
        MetaAnswer.Whole when outcomes(answer) is SendOutcome.Refused { StopsChannel: true } refused =>
            new ChannelProbe.Refused(refused.Code),
        MetaAnswer.Whole whole => new ChannelProbe.Unclear(
            whole.ErrorCode ?? string.Create(CultureInfo.InvariantCulture, $"http_{whole.Status}")),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    private static SendOutcome OfCode(string code, MetaAnswer.Whole answer) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? OfCode(number, code, answer)
            : OfStatus(answer);

    private static SendOutcome OfCode(int number, string code, MetaAnswer.Whole answer) => number switch
    {
        // Trouble of Meta's own: the message may be out already.
        1 or 2 or 131000 or 131016 => new SendOutcome.Uncertain(code, Answered: true),

        // Rate limits of the app, the account, the number; a flow that is throttled, a template that is not everywhere
        // yet.
        4 or 80007 or 130429 or 132069 or 134101 => NotNow(code, answer, null),
        131056 => NotNow(code, answer, PairPause),
        131057 => NotNow(code, answer, Maintenance),

        // The token, its permissions, the account, the payment, the number's registration.
        0 or 190 or 3 or 10 or (>= 200 and <= 299) or 131005 => new SendOutcome.Refused(code, StopsChannel: true),
        368 or 131031 or 131042 or 133010 => new SendOutcome.Refused(code, StopsChannel: true),

        // A code that we do not know, from a server in trouble.
        _ when answer.Status >= 500 && !IsRefusal(number) => new SendOutcome.Uncertain(code, Answered: true),
        _ => new SendOutcome.Refused(code),
    };

    /// <summary>Bad requests, recipients, templates, media: refused whatever the HTTP status says.</summary>
    private static bool IsRefusal(int number) => number is 33 or 100 or 130403 or 130472 or 130497 or 131008 or 131009
        or 131021 or 131026 or 131030 or 131047 or 131048 or 131049 or 131050 or 131051 or 131052 or 131053 or 131062
        or 132000 or 132001 or 132005 or 132007 or 132012 or 132015 or 132016 or 132018 or 132068 or 133016;

    private static SendOutcome OfStatus(MetaAnswer.Whole answer)
    {
        string code = string.Create(CultureInfo.InvariantCulture, $"http_{answer.Status}");
        return answer.Status switch
        {
            // Accepted, it seems, but without the id that its statuses will name.
            < 300 => new SendOutcome.Uncertain("no_id", Answered: false),
            429 => NotNow(code, answer, null),
            // Meta gives its reasons by code: a bare refusal is that of a gateway, a proxy or a login page on the way.
            < 400 or 401 or 403 or 404 or 407 => NotNow(code, answer, null) with { DoubtsAccount = true },
            408 or >= 500 => new SendOutcome.Uncertain(code, Answered: true),
            _ => new SendOutcome.Refused(code),
        };
    }

    private static SendOutcome.NotNow NotNow(string code, MetaAnswer.Whole answer, TimeSpan? least)
    {
        TimeSpan? wait = answer.RetryAfter is { } asked && (least is null || asked > least) ? asked : least;
        return new SendOutcome.NotNow(code, wait > LongestWait ? LongestWait : wait);
    }
}
