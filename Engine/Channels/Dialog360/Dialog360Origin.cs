using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Vellarys.Channels.MetaCloud;
using Vellarys.Http;

namespace Vellarys.Channels.Dialog360;

/// <summary>
/// 360dialog signs for its partners alone: <c>x-360dialog-signature</c>, an HMAC of the body under the platform's
/// secret. Everybody else has it send a header of their own with each webhook. The channel's secret is the one or the
/// other; an installation has none that would do for all numbers.
/// </summary>
internal static class Dialog360Origin
{
    public const string TokenHeader = "X-Webhook-Token";
    public const string SignatureHeader = "x-360dialog-signature";
    private const string Scheme = "Bearer ";

    public static bool LooksSigned(Channel? channel, IHeaderDictionary headers) =>
        channel is { WebhookSecrets.Count: > 0 }
        && (HubSignature.IsWellFormed(headers, SignatureHeader, mayBeBare: true) || ShowsToken(channel, headers));

    public static bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) =>
        channel is { WebhookSecrets.Count: > 0 }
        && (ShowsToken(channel, headers)
            || HubSignature.IsRight(headers, SignatureHeader, mayBeBare: true, body, channel.WebhookSecrets));

    /// <summary>Any of the live secrets; all of them are tried, whichever fits.</summary>
    private static bool ShowsToken(Channel channel, IHeaderDictionary headers)
    {
        if (Token(headers) is not { Length: > 0 } shown) return false;
        bool isRight = false;
        foreach (string secret in channel.WebhookSecrets)
            isRight |= secret.Length > 0 && FixedTime.AreEqual(shown, secret);
        return isRight;
    }

    private static string? Token(IHeaderDictionary headers)
    {
        StringValues own = headers[TokenHeader];
        if (own.Count > 0) return own.Count == 1 ? own[0] : null;
        StringValues bearer = headers.Authorization;
        return bearer.Count == 1 && bearer[0]?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true
            ? bearer[0]![Scheme.Length..]
            : null;
    }
}
