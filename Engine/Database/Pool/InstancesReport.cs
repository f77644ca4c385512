using System.Text.Json.Serialization;

namespace Vellarys.Database.Pool;

/// <summary>
/// The connections of all instances, as the database counts them; part of <c>GET /health/pool</c> for callers with the
/// key.
/// </summary>
/// <param name="State"><c>known</c>; <c>unknown</c> where the database did not say in time.</param>
/// <param name="Count">Instances that have a connection.</param>
/// <param name="Connections">Theirs together; behind PgBouncer, its connections to the server.</param>
/// <param name="Active">Of those the ones in a transaction or a statement.</param>
/// <param name="MaxConnections">What the server takes, of everybody.</param>
/// <param name="Items">Those with the most active connections first, a hundred at the most.</param>
internal sealed record InstancesReport(
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("count")] int Count,
    [property: JsonPropertyName("connections")] int Connections,
    [property: JsonPropertyName("active")] int Active,
    [property: JsonPropertyName("max_connections")] int MaxConnections,
    [property: JsonPropertyName("items")] IReadOnlyList<InstanceSessions> Items)
{
    public static InstancesReport Unknown { get; } = new("unknown", 0, 0, 0, 0, []);

    [JsonIgnore]
    public bool IsKnown => State == "known";

    /// <summary>Of what the server takes.</summary>
    [JsonIgnore]
    public PoolLevel Level => IsKnown ? PoolLevels.Of(100.0 * Connections / MaxConnections) : PoolLevel.Healthy;
}

/// <summary>One instance's.</summary>
/// <param name="Name">As in <c>Database:InstanceName</c>.</param>
/// <param name="IdleInTransaction">Of the active ones those that wait for the instance: a leak stays here.</param>
/// <param name="OldestTransactionSeconds">0: it has none open.</param>
internal sealed record InstanceSessions(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("connections")] int Connections,
    [property: JsonPropertyName("active")] int Active,
    [property: JsonPropertyName("idle_in_transaction")] int IdleInTransaction,
    [property: JsonPropertyName("oldest_transaction_seconds")] int OldestTransactionSeconds);
