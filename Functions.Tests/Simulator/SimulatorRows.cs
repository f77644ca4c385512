using System.Globalization;
using Npgsql;

namespace Vellarys.Tests.Simulator;

/// <summary>Messages that wait to be sent, put into the product's database as its flows would.</summary>
/// <param name="owner">Past row-level security.</param>
internal sealed class SimulatorRows(NpgsqlDataSource owner)
{
    private const string Conversations =
        """
        with people as (
            select a.address, new_id() as contact, new_id() as lead, new_id() as conversation
            from unnest($3::text[]) as a (address)
        ),
        contacts as (
            insert into contacts (tenant_id, id, name, phone) select $1, contact, 'Cliente', address from people
        ),
        leads as (
            insert into leads (tenant_id, id, contact_id) select $1, lead, contact from people
        )
        insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to, last_inbound_at, last_seq)
        select $1, conversation, $2, contact, lead, address, now(), $4 from people
        """;

    private const string Messages =
        """
        with said as materialized (
            select c.id as conversation, c.lead_id, n, new_id() as message, now() as at
            from conversations c, generate_series(1, $3::int) n
            where c.tenant_id = $1 and c.channel_id = $2
        ),
        stored as (
            insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, body, created_at)
            select $1, message, conversation, lead_id, $2, n, 'bot', 'mensagem ' || n, at from said
        ),
        due as (
            insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch,
                class)
            select $1, message, at, conversation, $2, n, 0, $4 from said
        )
        select count(*) from (
            select enqueue(new_id(), 'message-delivery', $1, message::text, delivery_due($1, message))
            from said order by n) queued
        """;

    /// <summary>The place in its conversation that a text of these says.</summary>
    public static int PlaceOf(string text) => int.Parse(text.Split(' ')[^1], CultureInfo.InvariantCulture);

    /// <summary>Each of them is owed so many messages, all due at once.</summary>
    /// <param name="class">Of <c>deliveries</c>: what may be sent again, and what may not.</param>
    public async Task OweAsync(
        Guid tenant, Guid channel, IReadOnlyList<string> addresses, int each, string @class = "reply")
    {
        await RunAsync(Conversations, tenant, channel, addresses.ToArray(), (long)each);
        await RunAsync(Messages, tenant, channel, each, @class);
        await RunAsync("select pg_notify('vellarys_queue', 'message-delivery')");
    }

    /// <summary>How many are in each state.</summary>
    public async Task<IReadOnlyDictionary<string, long>> StatesAsync(Guid channel)
    {
        await using NpgsqlCommand command =
            owner.CreateCommand("select state, count(*) from deliveries where channel_id = $1 group by state");
        command.Parameters.Add(new NpgsqlParameter { Value = channel });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var states = new Dictionary<string, long>();
        while (await reader.ReadAsync()) states.Add(reader.GetString(0), reader.GetInt64(1));
        return states;
    }

    /// <summary>Ends once nothing is on its way any more, or when it should stop.</summary>
    public async Task<IReadOnlyDictionary<string, long>> SettledAsync(Guid channel, CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyDictionary<string, long> states = await StatesAsync(channel);
            bool isOpen = states.Keys.Any(s => s is "pending" or "sending" or "unknown");
            if (!isOpen || cancellationToken.IsCancellationRequested) return states;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task RunAsync(string sql, params object[] parameters)
    {
        await using NpgsqlCommand command = owner.CreateCommand(sql);
        foreach (object parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }
}
