using System.Reflection;

namespace Vellarys.Storage;

/// <summary>Reads SQL that is embedded beside the class that runs it.</summary>
internal static class EngineSql
{
    /// <param name="name">Folder and file, such as <c>Storage.app-role.sql</c>.</param>
    public static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Vellarys.{name}")
            ?? throw new InvalidOperationException($"No embedded file {name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The text of <paramref name="file"/> in the folder (namespace) of <typeparamref name="T"/>.</summary>
    public static string Of<T>(string file) => Read(typeof(T).Namespace!["Vellarys.".Length..] + "." + file);
}
