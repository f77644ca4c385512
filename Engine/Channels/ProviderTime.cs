using System.Globalization;
using System.Text.Json;

namespace Vellarys.Channels;

/// <summary>A provider's timestamp, written as a string or a number, in seconds or milliseconds.</summary>
internal static class ProviderTime
{
    // Seconds pass this in the year 5138, milliseconds passed it in 1973.
    private const long FirstMilliseconds = 100_000_000_000;
    private static readonly DateTimeOffset Earliest = new(2009, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A message cannot be written after it came in; clocks differ by this much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>The time of arrival where the provider gave none that makes sense.</summary>
    public static DateTimeOffset Read(JsonElement item, DateTimeOffset receivedAt) =>
        long.TryParse(
            item.StringOrNumber("timestamp"u8, 32), NumberStyles.None, CultureInfo.InvariantCulture, out long stamp)
            ? Of(stamp, receivedAt)
            : receivedAt;

    /// <summary>The time of arrival where the stamp makes no sense.</summary>
    public static DateTimeOffset Of(long? stamped, DateTimeOffset receivedAt)
    {
        if (stamped is not { } stamp || stamp < 0) return receivedAt;
        long milliseconds = stamp < FirstMilliseconds ? stamp * 1000 : stamp;
        if (milliseconds > (receivedAt + Skew).ToUnixTimeMilliseconds()) return receivedAt;
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return at < Earliest ? receivedAt : at;
    }
}
