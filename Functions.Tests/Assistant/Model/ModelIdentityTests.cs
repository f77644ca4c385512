using System.ClientModel.Primitives;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>A host's identity in place of the model's key.</summary>
public sealed class ModelIdentityTests
{
    [Fact]
    public async Task CompleteAsync_WithoutKey_IsSignedByTheIdentity()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        AssistantOptions options = new() { UseIdentity = true, BaseUrl = server.Url };
        using OpenAiModel model = new(options, TimeProvider.System, new Identity());

        await model.CompleteAsync(Turns.Request(), default);

        Assert.True(options.HasModel);
        Assert.Equal(["Bearer of the identity"], server.Keys);
    }

    [Fact]
    public async Task CompleteAsync_WithKey_NeedsNoIdentity()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        using OpenAiModel model = new(Turns.Options(server), TimeProvider.System, new Identity());

        await model.CompleteAsync(Turns.Request(), default);

        Assert.Equal(["Bearer test-key"], server.Keys);
    }

    // The package's own policy wants TLS, which a loopback server has not.
    private sealed class Identity : AuthenticationPolicy
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

        private static void Sign(PipelineMessage message) =>
            message.Request.Headers.Set("Authorization", "Bearer of the identity");
    }
}
