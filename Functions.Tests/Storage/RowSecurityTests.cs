using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>
/// Random operations on random tables under random scopes: no row of a tenant out of scope is seen or touched.
/// </summary>
public sealed class RowSecurityTests
{
    private const int Steps = 200;

    private enum Scope { A, B, Both, None, Directory }

    private enum Operation { Select, Insert, Update, Move, Delete }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task RandomOperation_AnyTable_NeverCrossesTenants(int seed, bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        TenantRows rows = await TenantRows.CreateAsync(db);
        TenantId a = new(Ids.New(TimeProvider.System)), b = new(Ids.New(TimeProvider.System));
        await rows.FillAsync(a, b);
        Random random = new(seed);
        HashSet<string> worked = [];
        for (int step = 0; step < Steps; step++)
        {
            TenantTable table = rows.Tables[random.Next(rows.Tables.Count)];
            Scope scope = (Scope)random.Next(5);
            Operation operation = (Operation)random.Next(5);
            TenantId[] inside = scope switch { Scope.A => [a], Scope.B => [b], Scope.Both => [a, b], _ => [] };
            TenantId[] outside = [.. new[] { a, b }.Except(inside)];
            TenantId target = random.Next(2) == 0 ? a : b;
            string name = target == a ? "A" : "B";
            string what = $"step {step} of seed {seed}: {operation} on {table.Name}, scope {scope}, for {name}";

            string before = await rows.DigestAsync(outside);
            long expected = await rows.CountAsync(table, SeenIn(table, scope, operation) ? [a, b] : inside);
            NpgsqlBatchCommand command = await CommandAsync(rows, table, operation, target);
            string outcome = await RunAsync(db.App, ScopeCommand(scope, inside), command, operation);

            Assert.True(before == await rows.DigestAsync(outside), $"{what}: a row out of scope was touched");
            Assert.True(Allowed(operation, inside, target, expected).Contains(outcome), $"{what}: {outcome}");
            if (operation == Operation.Delete) await rows.FillAsync(a, b);
            if (inside.Length > 0 && outcome.StartsWith("rows", StringComparison.Ordinal))
                worked.Add(operation.ToString());
        }

        // What is only ever refused proves nothing.
        Assert.Superset(new HashSet<string> { "Select", "Insert", "Update", "Delete" }, worked);
    }

    // The directory scope opens these for reading and nothing else.
    private static bool SeenIn(TenantTable table, Scope scope, Operation operation) =>
        scope == Scope.Directory && operation == Operation.Select
        && table.Name is ("tenants" or "channels" or "memberships" or "api_keys" or "webhook_endpoints");

    private static NpgsqlBatchCommand? ScopeCommand(Scope scope, TenantId[] inside) => scope switch
    {
        Scope.None => null,
        Scope.Directory => TenantScope.Directory(),
        Scope.Both => TenantScope.For(inside),
        _ => TenantScope.For(inside[0]),
    };

    private static async Task<NpgsqlBatchCommand> CommandAsync(
        TenantRows rows, TenantTable table, Operation operation, TenantId target) => operation switch
    {
        Operation.Select => new($"select {table.Key} from {table.Name}"),
        Operation.Insert => await rows.InsertAsync(table, target),
        Operation.Update => new($"update {table.Name} set {table.Key} = {table.Key}"),
        Operation.Move => new($"update {table.Name} set {table.Key} = $1")
        {
            Parameters = { new() { Value = target.Value } },
        },
        _ => new($"delete from {table.Name}"),
    };

    // "rows n" for what was done, or the server's error code.
    private static async Task<string> RunAsync(
        NpgsqlDataSource app, NpgsqlBatchCommand? scope, NpgsqlBatchCommand command, Operation operation)
    {
        await using NpgsqlConnection connection = await app.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlBatch batch = new(connection, transaction);
        if (scope is not null) batch.BatchCommands.Add(scope);
        batch.BatchCommands.Add(command);
        try
        {
            long seen = 0;
            await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync())
            {
                if (scope is not null) await reader.NextResultAsync();
                while (await reader.ReadAsync()) seen++;
            }

            // A move inside both scopes is allowed, and would empty the other tenant.
            if (operation != Operation.Move) await transaction.CommitAsync();
            return $"rows {(operation == Operation.Select ? seen : (long)command.RecordsAffected)}";
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    private static string[] Allowed(Operation operation, TenantId[] inside, TenantId target, long expected) =>
        operation switch
        {
            Operation.Insert when inside.Contains(target) => ["rows 1", PostgresErrorCodes.UniqueViolation],
            Operation.Insert => [PostgresErrorCodes.InsufficientPrivilege],
            Operation.Delete when expected > 0 => [$"rows {expected}", PostgresErrorCodes.ForeignKeyViolation],
            Operation.Move when expected > 0 && !inside.Contains(target) => [PostgresErrorCodes.InsufficientPrivilege],
            Operation.Move when inside.Length == 2 =>
                [$"rows {expected}", PostgresErrorCodes.ForeignKeyViolation, PostgresErrorCodes.UniqueViolation],
            _ => [$"rows {expected}"],
        };
}
