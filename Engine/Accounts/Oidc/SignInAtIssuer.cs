using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Vellarys.Accounts.Sessions;

namespace Vellarys.Accounts.Oidc;

/// <summary>
/// Opens a session for somebody who signed in at the issuer and has an account here. It makes none, and asks for no
/// code of an authenticator: whether a second factor is needed is the issuer's to say.
/// </summary>
internal sealed class SignInAtIssuer(
    OidcIssuer issuer, ExchangeCode exchange, ReadIdToken read, UserIdentities identities, SessionStore sessions,
    ILogger<SignInAtIssuer> logger)
{
    /// <exception cref="TransientFault">The issuer cannot be reached.</exception>
    public async Task<OidcOutcome> RunAsync(
        OidcTicket ticket, string code, IPAddress? from, CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration known = await issuer.ReadAsync(cancellationToken);
        if (await exchange.RunAsync(known, code, ticket, cancellationToken) is not { } text) return Refused("code");
        (OidcPerson? person, string? fault) = await read.RunAsync(known, text, ticket, cancellationToken);
        if (person is null)
        {
            logger.IdTokenRefused(fault!);
            return new OidcOutcome.Refused("token");
        }

        IdentityMatch match = await identities.FindAsync(person, ticket, cancellationToken);
        if (match is not IdentityMatch.Found found) return Refused(((IdentityMatch.Nobody)match).Why);
        if (found.IsNew) logger.IdentityBound(found.User);
        return await sessions.StartAsync(found.User, passwordHash: null, from, cancellationToken)
            is var (session, token)
            ? new OidcOutcome.SignedIn(session, found.User, token)
            : Refused("no_account");
    }

    private OidcOutcome.Refused Refused(string why)
    {
        logger.OidcRefused(why);
        return new OidcOutcome.Refused(why);
    }
}

/// <summary>How it ended.</summary>
internal abstract record OidcOutcome
{
    private OidcOutcome()
    {
    }

    public sealed record SignedIn(Guid Session, Guid User, RefreshToken Token) : OidcOutcome;

    /// <param name="Why"><c>code</c>, <c>token</c>, or what <see cref="IdentityMatch.Nobody"/> says.</param>
    public sealed record Refused(string Why) : OidcOutcome;
}
