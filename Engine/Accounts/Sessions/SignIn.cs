using System.Net;

namespace Vellarys.Accounts.Sessions;

/// <summary>
/// Opens a session by name and password, and by a code where the account asks for one. Of what is wrong nothing is
/// told: a name that nobody has, a wrong password and an account that is closed have one answer and take one time.
/// </summary>
internal sealed class SignIn(
    FindAccount accounts, Passwords passwords, SecondFactor secondFactor, TakeAttempt attempts, SessionStore sessions)
{
    public async Task<SignInOutcome> RunAsync(
        string login, string password, string? code, IPAddress? from, CancellationToken cancellationToken)
    {
        string name = login.Trim();
        if (await attempts.RunAsync(name, from, cancellationToken) is { } wait)
            return new SignInOutcome.Throttled(wait);

        Account? account = await accounts.NamedAsync(name, cancellationToken);
        bool isRight = await passwords.VerifyAsync(password, account?.PasswordHash, cancellationToken);
        if (account is null || !isRight || !account.IsActive) return new SignInOutcome.Wrong();
        if (account.HasTotp)
        {
            if (string.IsNullOrEmpty(code)) return new SignInOutcome.CodeNeeded();
            if (!await secondFactor.AcceptAsync(account, code, cancellationToken)) return new SignInOutcome.CodeWrong();
        }

        if (await sessions.StartAsync(account.Id, account.PasswordHash!, from, cancellationToken)
            is not var (session, token))
        {
            return new SignInOutcome.Wrong();
        }

        await attempts.ForgetAsync(name, from, cancellationToken);
        return new SignInOutcome.SignedIn(session, account.Id, token);
    }
}

/// <summary>How it ended.</summary>
internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    public sealed record SignedIn(Guid Session, Guid User, RefreshToken Token) : SignInOutcome;

    public sealed record Wrong : SignInOutcome;

    public sealed record CodeNeeded : SignInOutcome;

    public sealed record CodeWrong : SignInOutcome;

    public sealed record Throttled(TimeSpan Wait) : SignInOutcome;
}
