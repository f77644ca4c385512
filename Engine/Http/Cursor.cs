using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Vellarys.Http;

/// <summary>Where a page ends: a time and what tells its rows apart. Opaque to callers.</summary>
internal readonly record struct Cursor(DateTime At, string Key)
{
    /// <summary>What is wrong with a text that is none.</summary>
    public const string Fault = "must be a cursor from an earlier answer";

    public override string ToString() => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.Ticks}/{Key}")));

    public static bool TryParse(string text, out Cursor cursor)
    {
        cursor = default;
        if (!Base64Url.IsValid(text)) return false;
        string[] parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('/');
        if (parts.Length != 2 || parts[1].Length == 0) return false;
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)) return false;
        if (ticks < DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks) return false;
        cursor = new Cursor(new DateTime(ticks, DateTimeKind.Utc), parts[1]);
        return true;
    }
}
