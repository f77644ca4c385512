using System.Text;

namespace Vellarys.Secrets;

/// <summary>Where a secret is stored: a sealed one opens there and nowhere else.</summary>
/// <param name="Owner">The key of the row.</param>
/// <param name="Column">Table and column, such as <c>channels.access_token</c>; the same for ever.</param>
internal readonly record struct SecretPlace(TenantId Tenant, Guid Owner, string Column)
{
    /// <summary>Of a row that belongs to no tenant.</summary>
    public static SecretPlace OfInstallation(Guid owner, string column) => new(default, owner, column);

    /// <summary>What is authenticated with the secret.</summary>
    public byte[] Bytes() => Encoding.UTF8.GetBytes($"vellarys:v1:{Tenant.Value:N}:{Owner:N}:{Column}");
}
