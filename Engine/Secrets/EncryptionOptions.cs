using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Secrets;

/// <summary>The master keys that stored secrets are sealed with, and whether they are.</summary>
internal sealed class EncryptionOptions
{
    public const string Section = "Encryption";

    /// <summary>
    /// Master keys by id: 32 bytes each, as 64 hex digits or Base64. An id has letters, digits and hyphens, 32 at the
    /// most. Default none, and none in <see cref="KeyFile"/>: secrets are stored as they are.
    /// </summary>
    public Dictionary<string, string> Keys { get; set; } = [];

    /// <summary>
    /// A file with a master key a line, <c>id=key</c>; its last one is the current one unless <see cref="Current"/>
    /// says otherwise. Default none.
    /// </summary>
    public string KeyFile { get; set; } = "";

    /// <summary>The id of the key that seals. Default: the only one, or the last of <see cref="KeyFile"/>.</summary>
    public string Current { get; set; } = "";

    /// <summary>
    /// False takes the seals off again, for the way back to a release that knows none. Default true.
    /// </summary>
    public bool Seal { get; set; } = true;

    /// <summary>
    /// How long after the release that brought sealing what was stored in plain is left as it is, so that instances of
    /// the release before, which cannot read it sealed, are gone. Default 1 hour.
    /// </summary>
    public TimeSpan SealAfter { get; set; } = TimeSpan.FromHours(1);

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    public static MasterKeys Read(IConfiguration configuration, out EncryptionOptions options)
    {
        options = configuration.GetSection(Section).Get<EncryptionOptions>() ?? new();
        List<string> faults = [];
        if (options.SealAfter < TimeSpan.Zero || options.SealAfter > TimeSpan.FromDays(30))
            faults.Add($"{Section}:{nameof(SealAfter)} must lie between 0 and 30 days");
        MasterKeys keys = options.Ring(faults);
        if (faults.Count > 0) throw new OptionsValidationException(Section, typeof(EncryptionOptions), faults);
        return keys;
    }

    private MasterKeys Ring(List<string> faults)
    {
        var ring = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        string last = "";
        foreach ((string id, string key) in Given(faults))
        {
            last = id.ToLowerInvariant();
            // Never the key itself: what is said here is logged.
            if (!IsId(last)) faults.Add($"{Section}: a key's id has letters, digits and hyphens, 1 to 32");
            else if (Bytes(key.Trim()) is not { } bytes)
                faults.Add($"{Section}: key '{last}' must be 32 bytes, as 64 hex digits or Base64");
            else if (!ring.TryAdd(last, bytes)) faults.Add($"{Section}: key '{last}' is there twice");
        }

        string current = Current.Length > 0 ? Current.ToLowerInvariant() : last;
        if (Current.Length == 0 && Keys.Count > 1)
            faults.Add($"{Section}:{nameof(Current)} must say which of the keys seals");
        if (faults.Count == 0 && Current.Length > 0 && !ring.ContainsKey(current))
            faults.Add($"{Section}:{nameof(Current)} names no key that is there");
        return new MasterKeys(ring, current);
    }

    private IEnumerable<(string Id, string Key)> Given(List<string> faults)
    {
        string[] lines = [];
        if (KeyFile.Length > 0)
        {
            try
            {
                lines = File.ReadAllLines(KeyFile);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{Section}:{nameof(KeyFile)} cannot be read: {e.GetType().Name}");
            }
        }

        IEnumerable<(string Id, string Key)> ofFile =
            from line in lines
            let text = line.Trim()
            where text.Length > 0 && text[0] != '#'
            let at = text.IndexOf('=', StringComparison.Ordinal)
            select at < 0 ? ("", "") : (text[..at].Trim(), text[(at + 1)..]);
        return Keys.Select(pair => (pair.Key, pair.Value)).Concat(ofFile);
    }

    private static byte[]? Bytes(string key)
    {
        if (key.Length == 64 && key.All(char.IsAsciiHexDigit)) return Convert.FromHexString(key);
        byte[] bytes = new byte[MasterKeys.Length];
        return Convert.TryFromBase64String(key, bytes, out int written) && written == bytes.Length ? bytes : null;
    }

    private static bool IsId(string text) =>
        text.Length is >= 1 and <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
