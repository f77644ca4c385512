using Azure.Core;
using Azure.Identity;

namespace Vellarys.Functions.Identity;

/// <summary>
/// Access tokens for Azure OpenAI. That there is none is a fault of the world, as if the model did not answer.
/// </summary>
internal sealed class ModelTokens(TokenCredential credential) : TokenCredential
{
    public const string Scope = "https://cognitiveservices.azure.com/.default";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return credential.GetToken(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException e)
        {
            throw NoToken(e);
        }
    }

    public override async ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetTokenAsync(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException e)
        {
            throw NoToken(e);
        }
    }

    private static TransientFault NoToken(AuthenticationFailedException e) =>
        new("model_no_token", "The identity gave no token for the model.", e);
}
