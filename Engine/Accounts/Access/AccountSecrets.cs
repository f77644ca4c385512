using Vellarys.Secrets;

namespace Vellarys.Accounts.Access;

/// <summary>The secrets of accounts on their way into their rows and out of them.</summary>
internal sealed class AccountSecrets(SecretBox box)
{
    public const string TotpColumn = "users.totp_secret";
    public const string KeyColumn = "signing_keys.secret";

    public string SealTotp(Guid user, byte[] secret) => Seal(secret, user, TotpColumn);

    /// <summary>Null where it cannot be opened.</summary>
    public byte[]? OpenTotp(Guid user, string stored, out string? fault) => Open(stored, user, TotpColumn, out fault);

    public string SealKey(Guid kid, byte[] secret) => Seal(secret, kid, KeyColumn);

    /// <summary>Null where it cannot be opened.</summary>
    public byte[]? OpenKey(Guid kid, string stored, out string? fault) => Open(stored, kid, KeyColumn, out fault);

    private string Seal(byte[] secret, Guid owner, string column) =>
        box.Seal(Convert.ToBase64String(secret), SecretPlace.OfInstallation(owner, column));

    private byte[]? Open(string stored, Guid owner, string column, out string? fault)
    {
        OpenedSecret opened = box.Open(stored, SecretPlace.OfInstallation(owner, column));
        fault = opened.Fault;
        return fault is null ? Convert.FromBase64String(opened.Text) : null;
    }
}
