using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Standalone.Demo;

/// <summary>The demo shop's documents: the files beside this class, one short document each.</summary>
internal sealed class DemoKnowledge(NpgsqlDataSource database)
{
    public async Task SeedAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        foreach (DemoDocument document in Documents())
        {
            batch.BatchCommands.Add(Command(
                """
                insert into knowledge_documents (tenant_id, id, title) values ($1, $2, $3)
                on conflict do nothing
                """,
                tenant.Value, document.Id, document.Title));
            batch.BatchCommands.Add(Command(
                """
                insert into knowledge_chunks (tenant_id, id, document_id, position, title, body)
                values ($1, $2, $2, 0, $3, $4)
                on conflict do nothing
                """,
                tenant.Value, document.Id, document.Title, document.Body));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static IEnumerable<DemoDocument> Documents()
    {
        Assembly assembly = typeof(DemoKnowledge).Assembly;
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.EndsWith(".md", StringComparison.Ordinal)) continue;
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            string title = reader.ReadLine()!.TrimStart('#', ' ');
            yield return new DemoDocument(KeyOf(name), title, reader.ReadToEnd().Trim());
        }
    }

    // The same file is the same document at every start.
    private static Guid KeyOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    private sealed record DemoDocument(Guid Id, string Title, string Body);
}
