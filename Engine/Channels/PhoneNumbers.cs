using System.Buffers;

namespace Vellarys.Channels;

/// <summary>Phone numbers as digits with the country code.</summary>
public static class PhoneNumbers
{
    private const int BrazilianWithoutNinth = 12;
    private static readonly SearchValues<char> Written = SearchValues.Create("+0123456789 ()-.");

    /// <summary>
    /// One form for both ways in which a Brazilian mobile is written: WhatsApp leaves the ninth digit out of accounts
    /// that are older than it. 55, two digits of area, eight digits that begin with 6 to 9: a mobile that lacks its 9.
    /// Landlines begin with 2 to 5 and stay as they are, as does everything else.
    /// </summary>
    public static string Canonical(string digits)
    {
        ArgumentNullException.ThrowIfNull(digits);
        return digits.Length == BrazilianWithoutNinth && digits.StartsWith("55", StringComparison.Ordinal)
            && digits[2] is >= '1' and <= '9' && digits[3] is >= '1' and <= '9' && digits[4] is >= '6' and <= '9'
            ? string.Concat(digits.AsSpan(0, 4), "9", digits.AsSpan(4))
            : digits;
    }

    /// <summary>The digits of a number that is written as people write one; everything else stays as it is.</summary>
    internal static string? Plain(string? value)
    {
        if (value is null || IsDigits(value) || value.AsSpan().ContainsAnyExcept(Written)) return value;
        string digits = string.Concat(value.Where(char.IsAsciiDigit));
        return IsDigits(digits) ? digits : value;
    }

    /// <summary>Digits only, as many as a number or a provider's stand-in for one can have.</summary>
    internal static bool IsDigits(string? value) =>
        value is { Length: >= 5 and <= 20 } && !value.AsSpan().ContainsAnyExceptInRange('0', '9');
}
