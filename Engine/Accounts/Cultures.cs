using System.Globalization;

namespace Vellarys.Accounts;

/// <summary>The languages that the product speaks, beside the locales that a tenant may have.</summary>
internal static class Cultures
{
    private static readonly CultureInfo Portuguese = CultureInfo.GetCultureInfo("pt-BR");
    private static readonly CultureInfo Spanish = CultureInfo.GetCultureInfo("es");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>
    /// That of a locale: <c>es</c>, <c>en</c> or any of their regions; Portuguese, which every text has, for the rest.
    /// </summary>
    public static CultureInfo Of(string? locale) => locale switch
    {
        _ when locale?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true => Spanish,
        _ when locale?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true => English,
        _ => Portuguese,
    };
}
