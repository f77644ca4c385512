namespace Vellarys.Api.Http;

/// <summary>Who may call the API and the pages.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>
    /// The key that callers must show as <c>Authorization: Bearer</c>. Empty (the default): only requests from this
    /// very machine are answered. Also read from the environment variable <c>VELLARYS_API_KEY</c>. At least 16
    /// characters.
    /// </summary>
    public string Key { get; set; } = "";

    /// <summary>The largest request body outside webhooks, in bytes. Default 65,536.</summary>
    public long MaxBodyBytes { get; set; } = 65_536;

    /// <summary>What is wrong, all of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Key.Length is > 0 and < 16) yield return $"{Section}:{nameof(Key)} needs at least 16 characters";
        if (MaxBodyBytes is < 1_024 or > 10_485_760)
            yield return $"{Section}:{nameof(MaxBodyBytes)} must lie between 1,024 and 10,485,760";
    }
}
