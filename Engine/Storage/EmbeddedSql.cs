using System.Reflection;

namespace Vellarys.Storage;

/// <summary>Reads a statement that is kept as a <c>.sql</c> file beside its class.</summary>
internal static class EmbeddedSql
{
    /// <summary>The text of <paramref name="file"/> in the folder (namespace) of <typeparamref name="T"/>.</summary>
    public static string Of<T>(string file)
    {
        string name = $"{typeof(T).Namespace}.{file}";
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
