using System.Globalization;
using Vellarys.Channels.MetaCloud;

namespace Vellarys.Channels.Dialog360;

/// <summary>
/// What an answer means for the message. What comes from Meta has Meta's code, which decides; 360dialog's own layer has
/// none, and says what is the matter in words.
/// </summary>
internal static class Dialog360Outcomes
{
    private static readonly string[] TooFast = ["rate limit", "too many", "capacity", "throttl"];

    private static readonly string[] AccountFaults =
    [
        "api key", "api-key", "apikey", "unauthorized", "not authorized", "invalid token", "disabled", "deactivated",
        "unpaid", "payment", "suspended", "not active", "cancelled",
    ];

    public static SendOutcome Of(MetaAnswer answer) =>
        answer is MetaAnswer.Whole { ErrorCode: null, IsSuccess: false, Words: { } words } whole
        && OfWords(words, whole) is { } own
            ? own
            : MetaOutcomes.Of(answer);

    private static SendOutcome? OfWords(string words, MetaAnswer.Whole answer)
    {
        string code = string.Create(CultureInfo.InvariantCulture, $"http_{answer.Status}");
        // Before it came to WhatsApp: nothing was sent.
        if (answer.Status is 429 or 503 || answer.Status < 500 && Says(words, TooFast))
            return new SendOutcome.NotNow(code, answer.RetryAfter);
        if (answer.Status is 400 or 401 or 402 or 403 && Says(words, AccountFaults))
            return new SendOutcome.Refused(code, StopsChannel: true);
        return null;
    }

    private static bool Says(string words, string[] any) =>
        any.Any(a => words.Contains(a, StringComparison.OrdinalIgnoreCase));
}
