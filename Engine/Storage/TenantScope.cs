using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// Says which tenants a transaction may see. Goes first in the batch that opens the transaction, so it costs no round
/// trip and holds behind PgBouncer in transaction mode. Without it, row-level security shows no rows.
/// </summary>
internal static class TenantScope
{
    /// <summary>
    /// Statements over sets look every row up by its key. Told to the planner, because the plans of a young database
    /// are cached before there are statistics that say so. And planned once a session: for arrays PostgreSQL would
    /// rather plan each call anew, which costs more than the call.
    /// </summary>
    private const string SetScope =
        """
        select set_config('app.tenants', $1, true), set_config('enable_mergejoin', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true),
            set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)
        """;

    /// <summary>The transaction sees and writes rows of this tenant only.</summary>
    public static NpgsqlBatchCommand For(TenantId tenant) => Command(tenant.Value.ToString());

    /// <summary>
    /// For a set of messages of several tenants in one transaction. Each statement still joins on
    /// <c>tenant_id</c>, and foreign keys are <c>(tenant_id, id)</c>.
    /// </summary>
    public static NpgsqlBatchCommand For(IEnumerable<TenantId> tenants) =>
        new(SetScope) { Parameters = { new() { Value = string.Join(',', tenants.Distinct().Select(t => t.Value)) } } };

    /// <summary>
    /// Reading <c>tenants</c>, <c>channels</c>, <c>memberships</c>, <c>api_keys</c> and <c>webhook_endpoints</c> before
    /// a tenant is known, and nothing else: those tables' select policies accept it.
    /// </summary>
    public static NpgsqlBatchCommand Directory() =>
        new("select set_config('app.directory', 'on', true)");

    private static NpgsqlBatchCommand Command(string tenants) =>
        new("select set_config('app.tenants', $1, true)") { Parameters = { new() { Value = tenants } } };
}
