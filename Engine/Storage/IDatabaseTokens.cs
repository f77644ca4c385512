namespace Vellarys.Storage;

/// <summary>
/// Passwords that expire: the access tokens of a managed identity. Asked for each new session, where the address holds
/// no password; to be answered from a cache. Registered by a host that has an identity.
/// </summary>
public interface IDatabaseTokens
{
    ValueTask<string> GetAsync(CancellationToken cancellationToken);
}
