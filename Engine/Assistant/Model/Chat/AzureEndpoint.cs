namespace Vellarys.Assistant.Model.Chat;

/// <summary>
/// What an address of Azure OpenAI leads to: the resource, which Azure's own wire format is spoken to, or its
/// <c>/openai/v1</c>, where it speaks OpenAI's.
/// </summary>
public static class AzureEndpoint
{
    private static readonly string[] Hosts = [".openai.azure.com", ".cognitiveservices.azure.com"];

    public static bool IsV1(string address) => address.Contains("/openai/v1", StringComparison.OrdinalIgnoreCase);

    /// <summary>Not the resource, but something in it.</summary>
    internal static bool IsWithin(string address) =>
        address.Contains("/openai/", StringComparison.OrdinalIgnoreCase)
        || address.TrimEnd('/').EndsWith("/openai", StringComparison.OrdinalIgnoreCase);

    internal static bool IsAzures(Uri address) =>
        address.IsAbsoluteUri && Hosts.Any(h => address.Host.EndsWith(h, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Where a resource speaks OpenAI's format. What the portal shows is the resource; people know of
    /// <c>/openai</c>, or have read of <c>/openai/v1</c>. What leads elsewhere stays as it is.
    /// </summary>
    internal static string V1(string address)
    {
        string root = address.TrimEnd('/');
        if (root.EndsWith("/openai", StringComparison.OrdinalIgnoreCase)) return root + "/v1/";
        return IsWithin(root) || root.AsSpan().ContainsAny('?', '#') ? address : root + "/openai/v1/";
    }
}
