using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Vellarys.Knowledge;

namespace Vellarys.Standalone.Demo;

/// <summary>The demo shop's documents: the files beside this class, as this release has them.</summary>
internal sealed class DemoKnowledge(AddDocument addDocument)
{
    public async Task SeedAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        Assembly assembly = typeof(DemoKnowledge).Assembly;
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.EndsWith(".md", StringComparison.Ordinal)) continue;
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            string title = (await reader.ReadLineAsync(cancellationToken))!.TrimStart('#', ' ');
            string text = await reader.ReadToEndAsync(cancellationToken);
            await addDocument.RunAsync(tenant, KeyOf(name), title, text, cancellationToken);
        }
    }

    // The same file is the same document at every start.
    private static Guid KeyOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
