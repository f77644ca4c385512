namespace Vellarys.Secrets;

/// <summary>Why a stored secret cannot be opened. Stable: an operator reads them.</summary>
internal static class SecretFaults
{
    /// <summary>The master key that it names is not among those given.</summary>
    public const string UnknownKey = "unknown_key";

    /// <summary>It was changed, belongs to another row, or its key's id now names another key.</summary>
    public const string NotAuthentic = "not_authentic";

    /// <summary>It is no sealed secret at all, or one of a later release.</summary>
    public const string Malformed = "malformed";
}
