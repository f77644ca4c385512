using Npgsql;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Accounts.Access;

/// <summary>Authenticators' secrets and the keys that tokens are signed with. No release before this one reads
/// them.</summary>
internal sealed class SealAccountSecrets(NpgsqlDataSource database, SecretBox box) : ISealedSecrets
{
    private static readonly string Due = EngineSql.Of<SealAccountSecrets>("account-secrets-to-seal.sql");
    private static readonly string Count = EngineSql.Of<SealAccountSecrets>("count-account-secrets.sql");

    private const string SaveTotp = "update users set totp_secret = $3 where id = $1 and totp_secret = $2";
    private const string SaveKey = "update signing_keys set secret = $3 where kid = $1 and secret = $2";

    public async Task<int> RenewAsync(CancellationToken cancellationToken)
    {
        int changed = 0;
        foreach ((Guid owner, string column, string stored) in await DueAsync(cancellationToken))
        {
            string renewed = box.Renew(stored, SecretPlace.OfInstallation(owner, column));
            if (renewed == stored) continue;
            await using NpgsqlBatch batch = database.CreateBatch();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                column == AccountSecrets.TotpColumn ? SaveTotp : SaveKey).With(owner).With(stored).With(renewed));
            changed += await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        return changed;
    }

    public async Task<SealedFigures> CountAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Count).With(box.CurrentMark));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SealedFigures(reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task<IReadOnlyList<(Guid Owner, string Column, string Stored)>> DueAsync(
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Due).With(box.CurrentMark));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        List<(Guid, string, string)> due = [];
        while (await reader.ReadAsync(cancellationToken))
            due.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
        return due;
    }
}
