using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Dialog360;

namespace Vellarys.Tests.Channels.Dialog360;

public sealed class Dialog360ProviderContractTests : ProviderContractTests
{
    private const string Secret = "a secret of this number";

    private protected override Channel Channel { get; } = new(
        new TenantId(Id), new ChannelId(Id), "360dialog", "106540352242922", "the-key", [Secret], "", true);

    private protected override (string Body, HeaderDictionary Headers) Signed() => (
        Payloads.WithMessage(
            """{"from":"5511987650001","id":"wamid.1","timestamp":"1760000000","type":"text","text":{"body":"oi"}}"""),
        new HeaderDictionary { ["X-Webhook-Token"] = Secret });

    private protected override IProvider Create(string url) => new Dialog360Provider(
        new Dialog360Options { BaseUrl = url }, TimeProvider.System, NullLogger<Dialog360Provider>.Instance);
}
