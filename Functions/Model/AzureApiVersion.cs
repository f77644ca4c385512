using Microsoft.Extensions.Options;
using static Azure.AI.OpenAI.AzureOpenAIClientOptions;

namespace Vellarys.Functions.Model;

/// <summary>The versions of Azure's API that the package speaks, by the names that Azure gives them.</summary>
internal static class AzureApiVersion
{
    // Answers by a JSON schema came after the first of them.
    private static readonly Dictionary<string, ServiceVersion> Known = Enum.GetValues<ServiceVersion>()
        .Where(version => version >= ServiceVersion.V2024_08_01_Preview)
        .ToDictionary(Name, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="OptionsValidationException">There is no such version.</exception>
    public static ServiceVersion Of(string name) => Known.TryGetValue(name, out ServiceVersion version)
        ? version
        : throw new OptionsValidationException(
            "Assistant", typeof(ServiceVersion),
            [$"Assistant:ApiVersion must be one of {string.Join(", ", Known.Keys)}."]);

    private static string Name(ServiceVersion version) =>
        version.ToString()[1..].Replace('_', '-').Replace("Preview", "preview", StringComparison.Ordinal);
}
