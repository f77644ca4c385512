namespace Vellarys.Assistant.Model.Chat;

/// <summary>Which model is asked, and where.</summary>
/// <param name="Url">OpenAI: the API's root, with its version. Azure: the resource.</param>
/// <param name="Deployment">Name of the model, or of its deployment.</param>
/// <param name="Key">Empty: the host's identity signs.</param>
/// <param name="ApiVersion">Azure only; null: the newest that the package knows.</param>
public sealed record ModelEndpoint(Uri Url, string Deployment, string Key, string? ApiVersion)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Deployment} at {Url}";
}
