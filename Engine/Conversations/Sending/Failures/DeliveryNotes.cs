using System.Globalization;
using System.Resources;
using Vellarys.Accounts;

namespace Vellarys.Conversations.Sending.Failures;

/// <summary>Why a message was not sent or not delivered, in words for staff, in the tenant's language.</summary>
internal sealed class DeliveryNotes(ITenantDirectory tenants)
{
    private const string Provider = "provider:";

    private static readonly ResourceManager Resources =
        new("Vellarys.Conversations.Sending.Failures.DeliveryNotes", typeof(DeliveryNotes).Assembly);

    public async ValueTask<CultureInfo> CultureAsync(TenantId tenant, CancellationToken cancellationToken) =>
        Cultures.Of((await tenants.FindAsync(tenant, cancellationToken))?.Locale);

    /// <summary>Null for what needs no word.</summary>
    /// <param name="state">Of the delivery.</param>
    /// <param name="reason">As stored: <c>window_closed</c>, <c>provider:131026</c>.</param>
    public static string? Of(string? state, string? reason, CultureInfo culture) => (state, reason) switch
    {
        ("pending", "channel_stopped") => Resources.GetString(reason, culture),
        ("unknown", _) => Resources.GetString("unknown", culture),
        ("failed", not null) => OfFailure(reason, culture),
        _ => null,
    };

    private static string OfFailure(string reason, CultureInfo culture)
    {
        string key = reason.StartsWith(Provider, StringComparison.Ordinal) ? reason[Provider.Length..] : reason;
        string? known = Resources.GetString(Family(key), culture);
        return known ?? string.Format(culture, Resources.GetString("other", culture)!, key);
    }

    /// <summary>Codes that mean the same to staff.</summary>
    private static string Family(string code) => code switch
    {
        "131047" => "window_closed",
        "131021" or "131030" or "131045" => "recipient",
        "130472" => "131049",
        "0" or "3" or "10" or "190" or "131005" or "368" or "131031" or "133010" => "account",
        "no_token" or "bad_token" => "account",
        _ => code,
    };
}
