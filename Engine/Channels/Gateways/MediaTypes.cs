namespace Vellarys.Channels.Gateways;

/// <summary>MIME types as gateways write them: with parameters, capitals, or not at all.</summary>
internal static class MediaTypes
{
    /// <summary><c>audio/ogg</c> of <c>audio/ogg; codecs=opus</c>; null for what is none.</summary>
    public static string? Plain(string? written)
    {
        string? plain = written?.Split(';')[0].Trim().ToLowerInvariant();
        return plain is { Length: > 2 and <= 127 } && plain.Contains('/', StringComparison.Ordinal)
            && !plain.AsSpan().ContainsAnyExceptInRange('!', '~') ? plain : null;
    }
}
