using Vellarys.Http;

namespace Vellarys.Accounts.Sessions;

/// <summary>What every account is written down with.</summary>
internal static class AccountInput
{
    public const int MaxName = 200;
    private const int MaxEmail = 254;
    private const int MaxUsername = 64;

    public static string? EmailFault(string? email)
    {
        if (TextInput.Fault(email, MaxEmail) is { } fault) return fault;
        int at = email!.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == email.LastIndexOf('@') && at < email.Length - 1 && !email.Any(IsSpace)
            ? null
            : "must be an e-mail address";
    }

    /// <summary>Without an @, so that none is somebody's address.</summary>
    public static string? UsernameFault(string? username)
    {
        if (TextInput.Fault(username, MaxUsername) is { } fault) return fault;
        return username!.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_')
            ? null
            : "must be letters, digits, dots, dashes and underscores";
    }

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || char.IsControl(c);
}
