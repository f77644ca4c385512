using Npgsql;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Oidc;

/// <summary>Who of the issuer's people is which user: bound once, and then whatever address they have.</summary>
internal sealed class UserIdentities(NpgsqlDataSource database, OidcOptions options)
{
    private static readonly string Bind = EngineSql.Of<UserIdentities>("bind-identity.sql");

    private const string Prune = "delete from oidc_states where used_at < now() - interval '1 hour'";

    public async Task<IdentityMatch> FindAsync(
        OidcPerson person, OidcTicket ticket, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Bind)
            .With(options.Issuer).With(person.Subject).With(person.Email).With(FixedTime.Hash(ticket.State)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Prune));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new IdentityMatch.Nobody("state");
        if (!reader.IsDBNull(0)) return new IdentityMatch.Found(reader.GetGuid(0), reader.GetBoolean(1));
        return new IdentityMatch.Nobody(
            person.Email is null ? "email_unverified" : reader.GetBoolean(2) ? "bound_to_another" : "no_account");
    }

    /// <summary>Who comes next with the user's address is bound anew.</summary>
    public async Task UnbindAsync(Guid user, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from user_identities where user_id = $1").With(user));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Whose account it is.</summary>
internal abstract record IdentityMatch
{
    private IdentityMatch()
    {
    }

    /// <param name="IsNew">It was bound just now.</param>
    public sealed record Found(Guid User, bool IsNew) : IdentityMatch;

    /// <param name="Why"><c>state</c>: this sign-in was used. <c>email_unverified</c>, <c>no_account</c>,
    /// <c>bound_to_another</c>: somebody else of the issuer has that address' account.</param>
    public sealed record Nobody(string Why) : IdentityMatch;
}
