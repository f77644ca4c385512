using System.ClientModel.Primitives;
using Vellarys.Assistant;
using Vellarys.Assistant.Model.Chat;

namespace Vellarys.Tests.Assistant.Model.Chat;

/// <summary>The contract over OpenAI's wire format.</summary>
public sealed class OpenAiContractTests : ModelContractTests
{
    private protected override string Target => "/v1/chat/completions";

    private protected override AssistantOptions Options(string key) =>
        new() { ApiKey = key, BaseUrl = Server.Url, Model = "gpt-4.1-mini" };

    private protected override IModelAdapter Adapter(string token) => new OpenAiAdapter(new Identity(token));

    private protected override (string Authorization, string ApiKey) Signed(string key) => ($"Bearer {key}", "");

    // The package's own policy wants TLS, which a loopback server has not.
    private sealed class Identity(string token) : AuthenticationPolicy
    {
        public override void Process(
            PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Sign(message);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(
            PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            Sign(message);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }

        private void Sign(PipelineMessage message) => message.Request.Headers.Set("Authorization", $"Bearer {token}");
    }
}
