using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace Vellarys.Assistant.Model.Chat;

/// <summary>
/// OpenAI, and whatever speaks its API: other providers, servers of one's own, Azure's <c>/openai/v1</c>.
/// </summary>
/// <param name="identity">Signs each call in place of a key; from a host that has an identity.</param>
internal sealed class OpenAiAdapter(AuthenticationPolicy? identity = null) : IModelAdapter
{
    public ChatClient Connect(ModelEndpoint endpoint, Action<ClientPipelineOptions> settle)
    {
        OpenAIClientOptions options = new() { Endpoint = endpoint.Url };
        settle(options);
        AuthenticationPolicy policy = endpoint.Key.Length > 0
            ? ApiKeyAuthenticationPolicy.CreateBearerAuthorizationPolicy(new ApiKeyCredential(endpoint.Key))
            : identity ?? throw new InvalidOperationException("No key, and no identity to do without.");
#pragma warning disable OPENAI001 // The package's documented way to sign with an identity; its shape may change.
        return new ChatClient(endpoint.Deployment, policy, options);
#pragma warning restore OPENAI001
    }
}
