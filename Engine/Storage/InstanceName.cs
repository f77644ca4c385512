using System.Security.Cryptography;
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

    // Names that differ only in what is taken from them are told apart by a part of their hash.
    private static string Plain(string name, int longest)
    {
        StringBuilder plain = new(longest);
        foreach (char c in name) plain.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-');
        if (plain.Length <= longest && plain.Equals(name)) return name;
        string hash = "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..6];
        plain.Length = Math.Min(plain.Length, longest - hash.Length);
        return plain.Append(hash).ToString();
    }
}
