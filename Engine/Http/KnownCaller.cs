namespace Vellarys.Http;

/// <summary>
/// A feature of the request: an endpoint that is open to all was called by somebody whom the guarded ones would let in.
/// </summary>
internal sealed class KnownCaller
{
    public static KnownCaller Instance { get; } = new();
}
