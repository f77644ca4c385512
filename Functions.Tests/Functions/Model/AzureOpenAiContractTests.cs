using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Options;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Functions.Identity;
using Vellarys.Functions.Model;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Assistant.Model.Chat;
using Xunit;

namespace Vellarys.Tests.Functions.Model;

/// <summary>
/// The contract over the wire format of Azure OpenAI, with the real package, and what only Azure has. Where
/// TEST_AZURE_OPENAI_ENDPOINT and TEST_AZURE_OPENAI_DEPLOYMENT name a deployment, one question goes there.
/// </summary>
public sealed class AzureOpenAiContractTests : ModelContractTests
{
    private protected override string Target =>
        "/openai/deployments/chat/chat/completions?api-version=2025-04-01-preview";

    private protected override AssistantOptions Options(string key) =>
        new() { Provider = ModelProvider.Azure, ApiKey = key, BaseUrl = Server.Resource, Model = "chat" };

    private protected override IModelAdapter Adapter(string token) =>
        new AzureOpenAiAdapter(new ModelTokens(new Identity(token)));

    private protected override (string Authorization, string ApiKey) Signed(string key) => ("", key);

    [Theory]
    [InlineData("2024-10-21")]
    [InlineData("2025-01-01-preview")]
    public async Task Complete_VersionOfTheSettings_IsAsked(string version)
    {
        AssistantOptions options = Options("k1");
        options.ApiVersion = version;
        await AskAsync(Model(options: options));
        Assert.EndsWith($"?api-version={version}", Server.Targets.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-06-01")]
    [InlineData("2031-01-01")]
    [InlineData("V2024_10_21")]
    public void Connect_VersionThatItDoesNotSpeak_SaysWhichItDoes(string version)
    {
        AssistantOptions options = Options("k1");
        options.ApiVersion = version;
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => Model(options: options));
        Assert.Contains("Assistant:ApiVersion must be one of 2024-08-01-preview,", e.Message, StringComparison.Ordinal);
        Assert.Contains(", 2024-10-21,", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_NameWithSigns_IsEscaped()
    {
        AssistantOptions options = Options("k1");
        options.Model = "meu modelo?x=ç";
        await AskAsync(Model(options: options));
        Assert.StartsWith(
            "/openai/deployments/meu%20modelo%3Fx%3D%C3%A7/chat/", Server.Targets.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_IdentityGivesNoToken_IsAFaultOfTheWorld()
    {
        using ChatModel model = Turns.Chat(Options(""), adapter: new AzureOpenAiAdapter(new ModelTokens(new Nobody())));
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => AskAsync(model));
        Assert.Equal(("model_no_token", true, 0), (fault.Code, ModelFaults.IsOutage(fault), Server.Calls));
    }

    [Fact]
    public async Task Complete_RealDeployment_Answers()
    {
        string? endpoint = Environment.GetEnvironmentVariable("TEST_AZURE_OPENAI_ENDPOINT");
        string? deployment = Environment.GetEnvironmentVariable("TEST_AZURE_OPENAI_DEPLOYMENT");
        bool isReal = !string.IsNullOrEmpty(endpoint);
        AssistantOptions options = Options("");
        if (isReal) (options.BaseUrl, options.Model) = (new Uri(endpoint!), deployment!);
        TokenCredential identity = isReal ? new DefaultAzureCredential() : new Identity("local");
        using ChatModel model = Turns.Chat(options, adapter: new AzureOpenAiAdapter(new ModelTokens(identity)));

        ModelReply reply = await AskAsync(model);

        Assert.NotEmpty(reply.Reply);
        Assert.InRange(reply.OutputTokens, 1, 2_000);
    }

    private sealed class Identity(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal([ModelTokens.Scope], requestContext.Scopes);
            return new AccessToken(token, DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    private sealed class Nobody : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("Nobody is signed in.");

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("Nobody is signed in.");
    }
}
