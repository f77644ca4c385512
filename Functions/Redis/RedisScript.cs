namespace Vellarys.Functions.Redis;

/// <summary>The scripts, as they are embedded beside the classes that run them.</summary>
internal static class RedisScript
{
    public static string Read(string name)
    {
        using Stream stream = typeof(RedisScript).Assembly.GetManifestResourceStream(typeof(RedisScript), name)
            ?? throw new InvalidOperationException($"The script {name} is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
