using System.Security.Cryptography;
using System.Text;
using Vellarys.Secrets;

namespace Vellarys.Tests.Secrets;

/// <summary>Master keys of tests: the same id is the same key.</summary>
internal static class Rings
{
    public const string Hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    /// <summary>The last one seals.</summary>
    public static MasterKeys Keys(params string[] ids) =>
        new(ids.ToDictionary(id => id, id => SHA256.HashData(Encoding.UTF8.GetBytes(id))), ids[^1]);

    public static SecretBox Box(params string[] ids) => new(Keys(ids));

    /// <summary>Another key of the same id.</summary>
    public static SecretBox Other(string id) =>
        new(new MasterKeys(new Dictionary<string, byte[]> { [id] = new byte[MasterKeys.Length] }, id));

    /// <summary>The same as settings.</summary>
    public static Dictionary<string, string?> Settings(params string[] ids)
    {
        Dictionary<string, string?> settings = ids.ToDictionary(
            id => $"Encryption:Keys:{id}",
            id => (string?)Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id))));
        settings["Encryption:Current"] = ids[^1];
        // What a release before may still have to read is of no concern.
        settings["Encryption:SealAfter"] = "00:00:00";
        return settings;
    }
}
