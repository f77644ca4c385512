using System.Text;

namespace Vellarys.Storage;

/// <summary>
/// The name that each session carries as its <c>application_name</c>: by it the database, and whoever looks into it,
/// tells the instances of one installation from each other.
/// </summary>
internal static class InstanceName
{
    /// <summary>What the sessions of all instances begin with.</summary>
    public const string Prefix = "vellarys/";

    // PostgreSQL cuts the whole off at 63 bytes, and two instances must not become one by that.
    private const int Longest = 50;

    public static string ApplicationName(StorageOptions options) => Prefix + Of(options);

    public static string Of(StorageOptions options)
    {
        string process = $"-{Environment.ProcessId}";
        if (options.InstanceName.Length > 0) return Plain(options.InstanceName, Longest);
        return Plain(Environment.MachineName, Longest - process.Length) + process;
    }

    private static string Plain(string name, int longest)
    {
        StringBuilder plain = new(longest);
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, longest)))
            plain.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-');
        return plain.ToString();
    }
}
