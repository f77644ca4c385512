namespace Vellarys.Http;

/// <summary>Marks endpoints that check their callers themselves (webhooks) or tell no secrets (health).</summary>
internal sealed class OpenToAll;
