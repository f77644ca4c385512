using System.Globalization;
using System.Text;
using Dapper;
using Npgsql;

namespace Vellarys.Tests.Crash;

/// <summary>
/// Replies to an earlier message that reached the provider after one to a later message of the same customer, and what
/// the books say about such a conversation. Repeats do not count: a reply stands where it was first sent.
/// </summary>
internal static class Disorder
{
    public static int Count(CrashRun run) => ByCustomer(run).Sum(c => Violations(c).Count());

    /// <summary>Each violating conversation from its customer's and from the database's side, without texts.</summary>
    public static async Task<string> DescribeAsync(CrashRun run)
    {
        var report = new StringBuilder();
        await using NpgsqlConnection owner = await run.Database.Owner.OpenConnectionAsync();
        foreach (IGrouping<string, ProviderSend> customer in ByCustomer(run))
        {
            ProviderSend[] late = [.. Violations(customer)];
            if (late.Length == 0) continue;
            string which = string.Join(", ", late.Select(s => s.Reference));
            report.AppendLine(CultureInfo.InvariantCulture, $"{customer.Key}: late {which}");
            (DateTimeOffset from, DateTimeOffset to) = (late[0].At.AddSeconds(-60), late[^1].At.AddSeconds(10));
            List<(DateTimeOffset At, string What)> events =
            [
                .. Outside(run, customer.Key), .. await InsideAsync(owner, customer.Key),
            ];
            foreach ((DateTimeOffset at, string what) in events.Where(e => e.At >= from && e.At <= to).Order())
                report.AppendLine(CultureInfo.InvariantCulture, $"  {at.UtcDateTime:HH:mm:ss.fff} {what}");
        }

        return report.ToString();
    }

    private static IEnumerable<IGrouping<string, ProviderSend>> ByCustomer(CrashRun run) =>
        run.World.Sends.DistinctBy(s => s.Correlation).GroupBy(s => s.To);

    private static IEnumerable<ProviderSend> Violations(IEnumerable<ProviderSend> sends)
    {
        ProviderSend[] all = [.. sends.Where(s => s.Reference is not null)];
        return all.Zip(all.Skip(1)).Where(pair => pair.Second.Reference < pair.First.Reference).Select(p => p.Second);
    }

    private static IEnumerable<(DateTimeOffset At, string What)> Outside(CrashRun run, string customer)
    {
        foreach (Life life in run.Lives)
        {
            yield return (life.StartedAt, $"host {life.Number} starts, to die at {life.CrashAt ?? "no point"}");
            yield return (life.EndedAt, $"host {life.Number} is dead");
        }

        foreach (Written written in run.Customers.Accepted.Where(w => w.From == customer))
        {
            yield return (written.PostedAt, $"{written.Id} posted");
            yield return (written.AcceptedAt, $"{written.Id} accepted");
        }

        foreach (ProviderSend send in run.World.Sends.Where(s => s.To == customer))
            yield return (send.At, $"provider accepts {send.Correlation} ref {send.Reference}");
    }

    private static async Task<IEnumerable<(DateTimeOffset At, string What)>> InsideAsync(
        NpgsqlConnection owner, string customer) =>
        (await owner.QueryAsync<(DateTime At, string What)>(
            """
            with conversation as (
                select c.id from conversations c where c.reply_to = @customer
            )
            select m.created_at, concat_ws(' ', 'message', m.role, 'seq', m.seq, 'turn', m.turn, m.external_id)
            from messages m join conversation c on c.id = m.conversation_id
            union all
            select t.created_at, concat_ws(' ', 'turns', t.from_turn, 'to', t.to_turn, t.outcome, t.reason, t.reply_id)
            from turns t join conversation c on c.id = t.conversation_id
            union all
            select d.claimed_at, concat_ws(' ', 'delivery', d.message_id, 'seq', d.seq, 'epoch', d.epoch, d.state,
                'sends', d.sends, case when d.resent then 'resent' end, d.reason, 'claimed as', d.claim_id,
                'written', d.created_at::time(3), 'settled', d.updated_at::time(3))
            from deliveries d join conversation c on c.id = d.conversation_id
            where d.claimed_at is not null
            union all
            select q.enqueued_at, concat_ws(' ', 'queued', q.queue, q.subject, 'due', q.due_at::time(3), 'attempts',
                q.attempts, 'held by', q.locked_by)
            from queue_messages q join conversation c on q.subject = c.id::text
            """,
            new { customer })).Select(row => (new DateTimeOffset(row.At, TimeSpan.Zero), row.What));
}
