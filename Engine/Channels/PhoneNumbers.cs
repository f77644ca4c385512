using System.Buffers;

namespace Vellarys.Channels;

/// <summary>Phone numbers as digits with the country code.</summary>
/// <remarks>
/// The function <c>canonical_phone</c> of the database says the same for what releases before this one stored; a test
/// holds the two together.
/// </remarks>
internal static class PhoneNumbers
{
    private const int TenDigitsAndCountry = 12;
    private static readonly SearchValues<char> Written = SearchValues.Create("+0123456789 ()-.");

    /// <summary>
    /// One form for all ways in which WhatsApp writes one mobile. Brazil: 55, two digits of area, eight digits that
    /// begin with 6 to 9 are a mobile that lacks its 9; landlines begin with 2 to 5 and never get one. Mexico: the 1
    /// after 52 went out of use in 2019 and is left out. Argentina: 54 and ten digits get the 9 that is dialled from
    /// abroad. Everything else stays as it is.
    /// </summary>
    public static string Canonical(string digits)
    {
        ArgumentNullException.ThrowIfNull(digits);
        if (digits.Length is not (TenDigitsAndCountry or TenDigitsAndCountry + 1)) return digits;
        return digits[0] != '5' ? digits : digits[1] switch
        {
            '5' when LacksBrazilsNinth(digits) => string.Concat(digits.AsSpan(0, 4), "9", digits.AsSpan(4)),
            '2' when HasMexicosOne(digits) => string.Concat(digits.AsSpan(0, 2), digits.AsSpan(3)),
            '4' when LacksArgentinasNine(digits) => string.Concat(digits.AsSpan(0, 2), "9", digits.AsSpan(2)),
            _ => digits,
        };
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

    private static bool LacksBrazilsNinth(string digits) => digits.Length == TenDigitsAndCountry
        && digits[2] is >= '1' and <= '9' && digits[3] is >= '1' and <= '9' && digits[4] is >= '6' and <= '9';

    private static bool HasMexicosOne(string digits) => digits.Length == TenDigitsAndCountry + 1
        && digits[2] == '1' && digits[3] is >= '2' and <= '9';

    // Areas begin with 11, 2 or 3: a 9 in that place is the one that would be missing.
    private static bool LacksArgentinasNine(string digits) => digits.Length == TenDigitsAndCountry
        && digits[2] is >= '1' and <= '3';
}
