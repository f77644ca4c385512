using System.Globalization;
using System.Text;
using Vellarys.Http;

namespace Vellarys.Accounts.Sessions;

/// <summary>
/// Which passwords are refused: short ones, those that everybody tries first, and those made of the person's or the
/// company's name. No rule asks for kinds of characters: they make passwords worse (NIST SP 800-63B).
/// </summary>
internal static class PasswordRules
{
    private const int Shortest = 10;

    /// <summary>What bcrypt reads; the rest would be cut off in silence.</summary>
    private const int MostBytes = 72;

    private const int LongestText = 72;
    private const int ShortestName = 4;

    /// <param name="names">Of the person and the company: none of them may make up the password.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Fault(string? password, params IEnumerable<string?> names)
    {
        if (TextInput.Fault(password, LongestText) is { } fault) return fault;
        if (password!.EnumerateRunes().Count() < Shortest) return $"must have at least {Shortest} characters";
        if (Encoding.UTF8.GetByteCount(password) > MostBytes) return $"must have at most {MostBytes} bytes";
        if (password.Distinct().Count() < 4) return "must have more than three different characters";
        string core = Core(Folded(password));
        if (core.Length == 0 || CommonPasswords.Contains(core)) return "is one of those that are tried first";
        return names.SelectMany(Words).Any(word => core == word || core == word + word)
            ? "must not be made of a name of yours or of the company"
            : null;
    }

    /// <summary>In small letters, without what people hang on: <c>S3nha@2026!</c> is <c>senha</c>.</summary>
    private static string Core(string password) => password
        .Trim("0123456789!?#*.,-_+&%=()@$ ".ToCharArray())
        .Replace('@', 'a').Replace('0', 'o').Replace('3', 'e').Replace('1', 'i').Replace('$', 's');

    private static IEnumerable<string> Words(string? name) =>
        Folded(name ?? "").Split([' ', '@', '.', '-', '_'], StringSplitOptions.RemoveEmptyEntries)
            .Append(Folded(name ?? "").Replace(" ", "", StringComparison.Ordinal))
            .Where(word => word.Length >= ShortestName);

    /// <summary>In small letters without accents.</summary>
    private static string Folded(string text) => string.Concat(
        text.Normalize(NormalizationForm.FormD).Where(
            c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)).ToLowerInvariant();
}
