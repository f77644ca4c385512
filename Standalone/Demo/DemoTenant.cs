using System.Reflection;
using System.Security.Cryptography;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Standalone.Demo;

/// <summary>
/// A small shop to try everything with: one sandbox channel and a knowledge base, in Portuguese. What is there already
/// stays as it is, so that a visitor's changes survive the next start.
/// </summary>
internal sealed class DemoTenant(NpgsqlDataSource database, ILogger<DemoTenant> logger)
{
    /// <summary>Fixed, so that every start finds the same one.</summary>
    public static TenantId Id { get; } = new(new Guid("019a0000-0000-7000-8000-00000000a0a0"));

    private static readonly Guid Channel = new("019a0000-0000-7000-8000-00000000a0a1");

    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(Id));
        batch.BatchCommands.Add(Tenant());
        batch.BatchCommands.Add(SandboxChannel());
        foreach (NpgsqlBatchCommand command in Documents().SelectMany(d => new[] { Document(d), Chunk(d) }))
            batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        logger.DemoInPlace(Id.Value);
    }

    private static NpgsqlBatchCommand Tenant() => Command(
        """
        insert into tenants (id, name, locale, settings)
        values ($1, 'Loja Aurora', 'pt-BR', jsonb_build_object('quietMs', 1500, 'prompt', $2::text))
        on conflict do nothing
        """,
        Id.Value,
        "Loja de móveis e decoração em Curitiba. Fale de forma simpática e breve, e diga preços só como estão na base.");

    // The token is what the page signs its webhooks with.
    private static NpgsqlBatchCommand SandboxChannel() => Command(
        """
        insert into channels (tenant_id, id, kind, address, display_name, webhook_secrets)
        values ($1, $2, 'sandbox', $2::text, 'Loja Aurora', array[$3::text])
        on conflict do nothing
        """,
        Id.Value, Channel, RandomNumberGenerator.GetHexString(32, lowercase: true));

    private static NpgsqlBatchCommand Document(DemoDocument document) => Command(
        """
        insert into knowledge_documents (tenant_id, id, title) values ($1, $2, $3)
        on conflict do nothing
        """,
        Id.Value, document.Id, document.Title);

    private static NpgsqlBatchCommand Chunk(DemoDocument document) => Command(
        """
        insert into knowledge_chunks (tenant_id, id, document_id, position, title, body) values ($1, $2, $2, 0, $3, $4)
        on conflict do nothing
        """,
        Id.Value, document.Id, document.Title, document.Body);

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    // The files beside this class; the key follows from the name.
    private static IEnumerable<DemoDocument> Documents()
    {
        Assembly assembly = typeof(DemoTenant).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".md", StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            string title = reader.ReadLine()!.TrimStart('#', ' ');
            yield return new(KeyOf(name), title, reader.ReadToEnd().Trim());
        }
    }

    private static Guid KeyOf(string name) =>
        new(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    private sealed record DemoDocument(Guid Id, string Title, string Body);
}
