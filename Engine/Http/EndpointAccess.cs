namespace Vellarys.Http;

/// <summary>What a caller of an endpoint must be permitted, and by what name the audit knows the act.</summary>
/// <param name="Permission">One of <see cref="Permissions"/>.</param>
/// <param name="Audit">Resource and verb, such as <c>channel.create</c>; the same for ever.</param>
internal sealed record EndpointAccess(string Permission, string Audit);
