namespace Vellarys.Assistant.Model.Chat;

/// <summary>Whose wire format a model speaks.</summary>
internal enum ModelProvider
{
    /// <summary>OpenAI, and whatever is compatible: <c>/chat/completions</c> below a root.</summary>
    OpenAi,

    /// <summary>A resource of Azure OpenAI: deployments, a version in each request, Azure's signatures.</summary>
    Azure,
}
