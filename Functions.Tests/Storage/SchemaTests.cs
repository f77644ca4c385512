using Vellarys.Tests.Architecture;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>
/// Engine/Storage/schema.sql is what all migrations amount to, so that a review sees the resulting schema as a diff.
/// After a new migration: <c>UPDATE_SCHEMA=1 dotnet test Functions.Tests --filter SchemaTests</c>, and commit the file.
/// </summary>
public sealed class SchemaTests
{
    private static readonly string File = Path.Combine(Sources.Root, "Engine", "Storage", "schema.sql");

    [Fact]
    public async Task Schema_AfterAllMigrations_IsWhatTheFileSays()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        string schema = await SchemaDump.OfAsync(db);
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1")
            await System.IO.File.WriteAllTextAsync(File, schema);
        Assert.True(schema == await System.IO.File.ReadAllTextAsync(File),
            "Engine/Storage/schema.sql is not what the migrations make. If they are right, write it anew: "
            + "UPDATE_SCHEMA=1 dotnet test Functions.Tests --filter SchemaTests");
    }
}
