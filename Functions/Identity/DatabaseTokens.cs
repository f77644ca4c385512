using Azure.Core;
using Azure.Identity;
using Vellarys.Storage;

namespace Vellarys.Functions.Identity;

/// <summary>Access tokens for Azure Database for PostgreSQL; the credential caches and renews them.</summary>
internal sealed class DatabaseTokens(TokenCredential credential) : IDatabaseTokens
{
    private static readonly TokenRequestContext Scope = new(["https://ossrdbms-aad.database.windows.net/.default"]);

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await credential.GetTokenAsync(Scope, cancellationToken)).Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw new TransientFault("no_database_token", "The identity gave no token for the database.", e)
            {
                IsOutage = true,
            };
        }
    }
}
