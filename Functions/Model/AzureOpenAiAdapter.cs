using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using OpenAI.Chat;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Functions.Identity;

namespace Vellarys.Functions.Model;

/// <summary>
/// A resource of Azure OpenAI: <c>/openai/deployments/{deployment}/chat/completions?api-version=</c>, signed by
/// <c>api-key</c> or by the host's identity.
/// </summary>
internal sealed class AzureOpenAiAdapter(ModelTokens tokens) : IModelAdapter
{
    public ChatClient Connect(ModelEndpoint endpoint, Action<ClientPipelineOptions> settle)
    {
        AzureOpenAIClientOptions options = endpoint.ApiVersion is { Length: > 0 } version
            ? new AzureOpenAIClientOptions(AzureApiVersion.Of(version))
            : new AzureOpenAIClientOptions();
        settle(options);
        AzureOpenAIClient client = endpoint.Key.Length > 0
            ? new AzureOpenAIClient(endpoint.Url, new ApiKeyCredential(endpoint.Key), options)
            : new AzureOpenAIClient(endpoint.Url, tokens, options);
        return client.GetChatClient(endpoint.Deployment);
    }
}
