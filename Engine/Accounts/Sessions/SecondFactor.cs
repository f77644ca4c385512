using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using OtpNet;
using Vellarys.Accounts.Access;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Sessions;

/// <summary>
/// Codes of an authenticator (RFC 6238), each good once and for a minute around its time, and ten codes for the day
/// that the phone is gone, each good once.
/// </summary>
internal sealed class SecondFactor(
    NpgsqlDataSource database, AccountSecrets secrets, TimeProvider time, ILogger<SecondFactor> logger)
{
    private const int RecoveryCodes = 10;
    private const int RecoveryBytes = 10;
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    private const string Offer =
        """
        update users u set totp_secret = $2, totp_step = 0, updated_at = now()
        where u.id = $1 and not u.totp_confirmed
        """;

    private const string UseStep =
        """
        update users u set totp_step = $2
        where u.id = $1 and u.totp_step < $2
        """;

    private const string UseRecovery =
        """
        update recovery_codes r set used_at = now()
        where r.user_id = $1 and r.hash = $2 and r.used_at is null
        """;

    private const string Confirm =
        """
        with confirmed as (
            update users u set totp_confirmed = true, updated_at = now()
            where u.id = $1 and not u.totp_confirmed
            returning u.id
        )
        insert into recovery_codes (user_id, hash)
        select c.id, h.hash from confirmed c, unnest($2::bytea[]) as h (hash)
        """;

    private const string Remove =
        """
        with gone as (delete from recovery_codes r where r.user_id = $1)
        update users u set totp_secret = null, totp_confirmed = false, totp_step = 0, updated_at = now()
        where u.id = $1
        """;

    /// <summary>A new secret, to be confirmed by a first code; null while one is in use.</summary>
    public async Task<TotpOffer?> OfferAsync(Account account, CancellationToken cancellationToken)
    {
        byte[] secret = KeyGeneration.GenerateRandomKey(20);
        NpgsqlBatchCommand offer = new NpgsqlBatchCommand(Offer)
            .With(account.Id).With(secrets.SealTotp(account.Id, secret));
        if (await ExecuteAsync(offer, cancellationToken) == 0) return null;
        string uri = new OtpUri(OtpType.Totp, secret, account.Email, "Vellarys").ToString();
        return new TotpOffer(Base32Encoding.ToString(secret), uri);
    }

    /// <summary>The recovery codes, shown this once; null for a wrong code.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(
        Account account, string code, CancellationToken cancellationToken)
    {
        if (!await UseCodeAsync(account, code, cancellationToken)) return null;
        string[] codes =
        [
            .. Enumerable.Range(0, RecoveryCodes).Select(_ => Base32Encoding.ToString(
                RandomNumberGenerator.GetBytes(RecoveryBytes)).ToLowerInvariant()),
        ];
        byte[][] hashes = [.. codes.Select(FixedTime.Hash)];
        return await ExecuteAsync(
            new NpgsqlBatchCommand(Confirm).With(account.Id).With(hashes), cancellationToken) > 0
            ? codes
            : null;
    }

    /// <summary>Whether the code opens the account; it does so once.</summary>
    public async Task<bool> AcceptAsync(Account account, string code, CancellationToken cancellationToken) =>
        await UseCodeAsync(account, code, cancellationToken)
        || await ExecuteAsync(
            new NpgsqlBatchCommand(UseRecovery).With(account.Id).With(FixedTime.Hash(Plain(code))),
            cancellationToken) == 1;

    public Task RemoveAsync(Guid user, CancellationToken cancellationToken) =>
        ExecuteAsync(new NpgsqlBatchCommand(Remove).With(user), cancellationToken);

    private async Task<bool> UseCodeAsync(Account account, string code, CancellationToken cancellationToken)
    {
        if (account.TotpSecret is not { } stored) return false;
        // The recovery codes open the account all the same.
        if (secrets.OpenTotp(account.Id, stored, out string? fault) is not { } secret)
        {
            logger.TotpUnreadable(account.Id, fault!);
            return false;
        }

        Totp totp = new(secret);
        return totp.VerifyTotp(time.GetUtcNow().UtcDateTime, Plain(code), out long step, Window)
            && await ExecuteAsync(
                new NpgsqlBatchCommand(UseStep).With(account.Id).With(step), cancellationToken) == 1;
    }

    private static string Plain(string code) =>
        code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private async Task<int> ExecuteAsync(NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(command);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>What an authenticator is given.</summary>
/// <param name="Uri">For a QR code.</param>
internal sealed record TotpOffer(string Secret, string Uri);
