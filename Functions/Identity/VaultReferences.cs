using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Functions.Identity;

/// <summary>
/// Settings that name a secret of Key Vault. The platform puts the secret in their place, or, where there is none or
/// the identity may not read it, leaves the reference: a key that anybody could guess.
/// </summary>
internal static class VaultReferences
{
    private const string Start = "@Microsoft.KeyVault(";

    /// <exception cref="OptionsValidationException">Some stayed references; all of them are named.</exception>
    public static void RequireResolved(IConfiguration configuration)
    {
        string[] mistakes =
        [
            .. from setting in configuration.AsEnumerable()
               where setting.Value?.StartsWith(Start, StringComparison.OrdinalIgnoreCase) is true
               orderby setting.Key
               select $"{setting.Key}: Key Vault has no such secret, or this app may not read it.",
        ];
        if (mistakes.Length > 0) throw new OptionsValidationException("KeyVault", typeof(IConfiguration), mistakes);
    }
}
