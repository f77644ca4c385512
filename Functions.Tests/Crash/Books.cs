using Dapper;
using Npgsql;

namespace Vellarys.Tests.Crash;

/// <summary>What the books and the provider say after a run, to be compared.</summary>
/// <param name="Spared">
/// Of <paramref name="SentTwice"/> those that a status would have spared: the provider had accepted the reply long
/// enough before for its status to be here.
/// </param>
/// <param name="Offline">Replies that were made without the model: to a machine that is too busy it was away.</param>
internal sealed record Books(
    long Lost, long RecordedTwice, long Unexplained, long CoveredTwice, long Unsent, long DeadLetters,
    long SentUnmarked, long SentTwice, long Spared, long Unknown, long Disordered, long Offline)
{
    /// <summary>Providers report what they accepted within a second or two.</summary>
    private static readonly TimeSpan StatusTakes = TimeSpan.FromSeconds(2);

    /// <summary>Everything but marked second sends, which providers without idempotency make unavoidable.</summary>
    public bool Balance =>
        this is { Lost: 0, RecordedTwice: 0, Unexplained: 0, CoveredTwice: 0, Unsent: 0, DeadLetters: 0 }
            and { SentUnmarked: 0, Unknown: 0, Disordered: 0 };

    public static async Task<Books> ReadAsync(CrashRun run, int written)
    {
        await using NpgsqlConnection owner = await run.Database.Owner.OpenConnectionAsync();
        (long recorded, long distinct) = await owner.QuerySingleAsync<(long, long)>(
            "select count(*), count(distinct external_id) from messages where role = 'cliente'");
        long unexplained = await CoverageAsync(owner, "= 0");
        long coveredTwice = await CoverageAsync(owner, "> 1");
        // Two kills around both sends of a message leave it unconfirmed, and visibly so; the provider has it.
        HashSet<string> heard = [.. run.World.Sends.Select(s => s.Correlation)];
        long unsent = (await owner.QueryAsync<(Guid Id, bool Unconfirmed)>(
                "select message_id, reason is not distinct from 'unconfirmed' from deliveries where state <> 'sent'"))
            .Count(d => !d.Unconfirmed || !heard.Contains(d.Id.ToString()));
        long dead = await owner.ExecuteScalarAsync<long>("select count(*) from queue_dead_letters");
        Dictionary<string, bool> marked = (await owner.QueryAsync<(Guid Id, bool Resent)>(
            "select message_id, resent from deliveries")).ToDictionary(d => d.Id.ToString(), d => d.Resent);

        List<IGrouping<string, ProviderSend>> sends = [.. run.World.Sends.GroupBy(s => s.Correlation)];
        long twice = sends.Sum(s => s.Count() - 1);
        long spared = sends.Sum(s => s.Skip(1).Count(again => again.At - s.First().At > StatusTakes));
        long unmarked = sends.Count(s => s.Count() > 1 && !marked.GetValueOrDefault(s.Key));
        long unknown = sends.Count(s => !marked.ContainsKey(s.Key));
        return new Books(
            written - distinct, recorded - distinct, unexplained, coveredTwice, unsent, dead, unmarked, twice, spared,
            unknown, Disorder.Count(run), run.World.Sends.Count(s => s.Reference is null));
    }

    private static Task<long> CoverageAsync(NpgsqlConnection owner, string how) => owner.ExecuteScalarAsync<long>(
        $"""
        select count(*) from conversations c, generate_series(1, c.turn) n
        where (
            select count(*) from turns t
            where t.conversation_id = c.id and n between t.from_turn and t.to_turn) {how}
        """);
}
