using System.Globalization;

namespace Vellarys.Channels;

/// <summary>
/// A number as people type or paste it when they look for a customer: with or without country code, ninth digit, trunk
/// zero, and with any signs between the digits.
/// </summary>
internal static class TypedPhone
{
    private const int MinDigits = 5;
    private const int MaxDigits = 20;
    private const int ShortestWithArea = 10;

    /// <summary>
    /// The numbers that it may mean, as they are stored. Several where the country is left out; null when it is none.
    /// </summary>
    public static string[]? Meanings(string typed)
    {
        if (Digits(typed) is not { Length: >= MinDigits } digits) return null;
        HashSet<string> meanings = [PhoneNumbers.Canonical(digits)];
        if (typed.AsSpan().TrimStart().StartsWith('+')) return [.. meanings];
        if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            meanings.Add(PhoneNumbers.Canonical(digits[2..]));
            return [.. meanings];
        }

        foreach (string national in Nationals(digits)) AddCountries(national, meanings);
        return [.. meanings];
    }

    private static string? Digits(string typed)
    {
        Span<char> digits = stackalloc char[MaxDigits];
        int length = 0;
        foreach (char c in typed)
        {
            if (char.IsAsciiDigit(c))
            {
                if (length == MaxDigits) return null;
                digits[length++] = c;
            }
            else if (!IsSign(c)) return null;
        }

        return digits[..length].ToString();
    }

    // What is copied from an address book brings invisible marks and dashes of every kind along.
    private static bool IsSign(char c) => c is '+' or '(' or ')' or '.' or '/' or '\u2212' || char.IsWhiteSpace(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;

    /// <summary>
    /// Without the trunk zero, and without the carrier that may follow it in Brazil: 0 41 11 98765-4321.
    /// </summary>
    private static IEnumerable<string> Nationals(string digits)
    {
        if (digits[0] != '0')
        {
            yield return digits;
            yield break;
        }

        yield return digits[1..];
        if (digits.Length > ShortestWithArea + 2) yield return digits[3..];
    }

    private static void AddCountries(string national, HashSet<string> meanings)
    {
        if (national.Length == ShortestWithArea)
        {
            meanings.Add(PhoneNumbers.Canonical("55" + national));
            meanings.Add(PhoneNumbers.Canonical("52" + national));
            meanings.Add(PhoneNumbers.Canonical("54" + national));
        }
        else if (national.Length == ShortestWithArea + 1)
        {
            meanings.Add(PhoneNumbers.Canonical("55" + national));
            meanings.Add(PhoneNumbers.Canonical("54" + national));
        }
        else if (national.Length == ShortestWithArea + 2 && WithoutFifteen(national) is { } mobile)
        {
            meanings.Add(PhoneNumbers.Canonical("54" + mobile));
        }
    }

    /// <summary>At home an Argentinian mobile is dialled with 15 between area and number.</summary>
    private static string? WithoutFifteen(string national)
    {
        for (int area = 2; area <= 4; area++)
        {
            if (national[0] is >= '1' and <= '3' && national.AsSpan(area).StartsWith("15", StringComparison.Ordinal))
                return string.Concat(national.AsSpan(0, area), national.AsSpan(area + 2));
        }

        return null;
    }
}
