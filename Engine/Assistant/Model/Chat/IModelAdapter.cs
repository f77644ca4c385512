using System.ClientModel.Primitives;
using OpenAI.Chat;

namespace Vellarys.Assistant.Model.Chat;

/// <summary>
/// How one provider's endpoints are reached: their address, signature and version. What is said over them, and what
/// comes back, is the same for all.
/// </summary>
public interface IModelAdapter
{
    /// <summary>The package's client; called once.</summary>
    /// <param name="settle">
    /// Takes from the package's options what is this side's matter: connections, time-outs, retries.
    /// </param>
    ChatClient Connect(ModelEndpoint endpoint, Action<ClientPipelineOptions> settle);
}
