using System.Globalization;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>Amounts as they are shown.</summary>
internal static class Money
{
    /// <param name="thousandths">As WhatsApp counts money.</param>
    public static string Of(long thousandths, string? currency) => string.Create(
        CultureInfo.InvariantCulture, $"{thousandths / 1_000m:0.##} {currency}").TrimEnd();
}
