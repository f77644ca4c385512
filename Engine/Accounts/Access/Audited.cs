namespace Vellarys.Accounts.Access;

/// <summary>What an endpoint changes is written down: a test holds that each that changes something says so.</summary>
internal sealed record Audited;
