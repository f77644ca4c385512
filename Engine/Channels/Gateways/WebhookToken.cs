using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Vellarys.Http;

namespace Vellarys.Channels.Gateways;

/// <summary>
/// A channel's webhook secret as a gateway shows it: nobody of them signs, so it is sent along, in a header where the
/// gateway can send one, else as the last part of the address, which the intake puts into the same header.
/// </summary>
internal static class WebhookToken
{
    public const string Header = "X-Webhook-Token";
    private const string Scheme = "Bearer ";

    /// <summary>
    /// Whether a header shows one of the secrets: ours, the gateway's own, or <c>Authorization: Bearer</c>. All are
    /// compared, whichever fits; a header that comes twice shows nothing.
    /// </summary>
    /// <param name="ownHeader">A header that the gateway sends by itself; null for none.</param>
    public static bool IsShown(IHeaderDictionary headers, IReadOnlyList<string> secrets, string? ownHeader = null)
    {
        bool isShown = false;
        foreach (string? shown in (ReadOnlySpan<string?>)
            [Single(headers, Header), ownHeader is null ? null : Single(headers, ownHeader), Bearer(headers)])
        {
            foreach (string secret in secrets) isShown |= FixedTime.AreEqual(shown, secret);
        }

        return isShown;
    }

    /// <summary>What stands behind <c>Bearer</c>; null for nothing.</summary>
    public static string? Bearer(IHeaderDictionary headers) =>
        Single(headers, "Authorization") is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;

    /// <summary>The header's value where it came once.</summary>
    public static string? Single(IHeaderDictionary headers, string name)
    {
        StringValues values = headers[name];
        return values.Count == 1 ? values[0] : null;
    }
}
