using System.Text.Json;
using Dapper;
using Npgsql;

namespace Vellarys.Tests.Flows.Kernel;

/// <summary>A tally as its rows tell it.</summary>
internal static class FlowRows
{
    public static async Task<FlowView> ReadAsync(NpgsqlConnection owner, FlowId flow)
    {
        var row = await owner.QuerySingleAsync<(string? State, DateTime? WakeAt, string? Outcome, bool Ended,
            string? Fault)>(
            "select state, wake_at, outcome, ended_at is not null, fault from flows where id = @id",
            new { id = flow.Value });
        IEnumerable<string> notes = await owner.QueryAsync<string>(
            "select body from queue_messages where queue = @queue order by id", new { queue = TallyFlow.Notes });
        int[] state = row.State is null ? [0, 0] : JsonSerializer.Deserialize<int[]>(row.State)!;
        return new FlowView(
            state[0], state[1], row.Ended, row.Outcome,
            row.WakeAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null, row.Fault, [.. notes]);
    }
}
