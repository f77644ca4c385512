using System.Text.Json.Nodes;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>
/// Something that staff has to hear of outside a handoff: a row for one agent, or for every supervisor, or, where the
/// tenant has none, for everybody.
/// </summary>
internal static class NotifyStaff
{
    private const string Sql =
        """
        insert into notifications (tenant_id, id, agent_id, conversation_id, kind, body)
        select a.tenant_id, new_id(), a.id, $2, $4, $5::jsonb
        from agents a
        where a.tenant_id = $1 and a.active and case
            when $3::uuid is not null then a.id = $3
            when exists (select from agents s where s.tenant_id = $1 and s.active and s.role = 'supervisor')
                then a.role = 'supervisor'
            else true end
        """;

    /// <param name="conversation">Null: it is about no conversation.</param>
    /// <param name="agent">Null: supervisors.</param>
    /// <param name="kind">Stable, e.g. <c>channel_stopped</c>.</param>
    /// <param name="body">Without what customers wrote.</param>
    public static NpgsqlBatchCommand Command(
        TenantId tenant, ConversationId? conversation, Guid? agent, string kind, JsonObject body) =>
        new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(conversation?.Value)
            .With(agent)
            .With(kind)
            .With(body.ToJsonString());
}
