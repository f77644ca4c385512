using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Channels.ZApi;

namespace Vellarys.Tests.Channels.Gateways;

public sealed class ZApiProviderContractTests : ProviderContractTests
{
    private const string Secret = "the secret of the webhook";

    private protected override Channel Channel { get; } = new(
        new TenantId(Id), new ChannelId(Id), "z-api", "3C01", "INSTANCETOKEN:ACCOUNTTOKEN", [Secret], "", true);

    private protected override (string Body, HeaderDictionary Headers) Signed() => (
        """
        {"type":"ReceivedCallback","instanceId":"3C01","messageId":"3EB01","phone":"5511987650001","fromMe":false,
        "momment":1760000000000,"senderName":"Ana","text":{"message":"oi"}}
        """,
        new HeaderDictionary { ["X-Webhook-Token"] = Secret });

    private protected override IProvider Create(string url)
    {
        var options = new GatewayOptions { PrivateServers = ["127.0.0.1"], ZApiUrl = url };
        return new ZApiProvider(
            new GatewayConnection(options, TimeProvider.System), options, TimeProvider.System,
            NullLogger<ZApiProvider>.Instance);
    }
}
