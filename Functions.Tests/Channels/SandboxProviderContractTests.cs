using Microsoft.AspNetCore.Http;
using Vellarys.Channels;
using Vellarys.Channels.Sandbox;

namespace Vellarys.Tests.Channels;

public sealed class SandboxProviderContractTests : ProviderContractTests
{
    private const string Token = "the token of the page";

    private protected override Channel Channel { get; } = new(
        new TenantId(Id), new ChannelId(Id), "sandbox", "sandbox", "", [Token], "", true);

    private protected override bool CallsAServer => false;

    private protected override (string Body, HeaderDictionary Headers) Signed() => (
        """{"id":"sandbox.1","from":"5511987650001","name":"Ana","text":"oi","timestamp":1760000000}""",
        new HeaderDictionary { ["X-Sandbox-Token"] = Token });

    private protected override IProvider Create(string url) => new SandboxProvider(TimeProvider.System);
}
