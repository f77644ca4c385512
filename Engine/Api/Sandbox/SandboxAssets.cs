using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Vellarys.Api.Sandbox;

/// <summary>The page's files, embedded in the assembly, so that no host has to know where they lie.</summary>
internal static class SandboxAssets
{
    private static readonly FrozenDictionary<string, Asset> All = Load();

    public static Asset? Find(string name) => All.GetValueOrDefault(name);

    private static FrozenDictionary<string, Asset> Load()
    {
        string folder = typeof(SandboxAssets).Namespace + ".Page.";
        Assembly assembly = typeof(SandboxAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[folder.Length..], name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static Asset Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        string tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
        return new Asset(bytes, ContentType(name), new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"no content type for {other}"),
    };

    internal sealed record Asset(byte[] Bytes, string ContentType, EntityTagHeaderValue Tag);
}
