using System.Text.Json;
using Azure.Core;

namespace Vellarys.Functions.Redis;

/// <summary>What Redis is entered with.</summary>
/// <param name="User">The object id of the identity.</param>
/// <param name="Password">The token. Never logged.</param>
public sealed record RedisToken(string User, string Password, DateTimeOffset ExpiresAt)
{
    /// <summary>Leaves the token out.</summary>
    public override string ToString() => $"token of {User} until {ExpiresAt:O}";
}

/// <summary>Fetches a token that is good for a while; asked again well before it ends.</summary>
public delegate ValueTask<RedisToken> RedisTokenSource(CancellationToken cancellationToken);

/// <summary>Tokens of Microsoft Entra ID.</summary>
internal static class EntraTokens
{
    private static readonly TokenRequestContext Scope = new(["https://redis.azure.com/.default"]);

    public static RedisTokenSource Of(TokenCredential credential) => async cancellationToken =>
    {
        AccessToken token = await credential.GetTokenAsync(Scope, cancellationToken);
        return new RedisToken(ObjectId(token.Token), token.Token, token.ExpiresOn);
    };

    /// <summary>The identity's object id, from the token's own claims: Redis knows it by that name.</summary>
    internal static string ObjectId(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3) throw new InvalidOperationException("The token is no JSON web token.");
        string body = parts[1].Replace('-', '+').Replace('_', '/');
        byte[] claims = Convert.FromBase64String(body.PadRight((body.Length + 3) / 4 * 4, '='));
        using JsonDocument json = JsonDocument.Parse(claims);
        return json.RootElement.GetProperty("oid").GetString()
            ?? throw new InvalidOperationException("The token names no object id.");
    }
}
