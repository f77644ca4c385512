using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Evolution;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Tests.Channels.Gateways;

public sealed class EvolutionProviderContractTests : ProviderContractTests
{
    private const string Secret = "the secret of the webhook";
    private string _url = "";

    private protected override Channel Channel => new(
        new TenantId(Id), new ChannelId(Id), "evolution", "loja", "key-of-the-instance", [Secret], "", true)
    {
        Server = new Uri(_url),
    };

    private protected override (string Body, HeaderDictionary Headers) Signed() => (
        """
        {"event":"messages.upsert","instance":"loja","sender":"551130000000@s.whatsapp.net","data":{
        "key":{"remoteJid":"5511987650001@s.whatsapp.net","fromMe":false,"id":"3EB01"},"pushName":"Ana",
        "message":{"conversation":"oi"},"messageType":"conversation","messageTimestamp":1760000000}}
        """,
        new HeaderDictionary { ["X-Webhook-Token"] = Secret });

    private protected override IProvider Create(string url)
    {
        _url = url;
        return new EvolutionProvider(
            new GatewayConnection(new GatewayOptions { PrivateServers = ["127.0.0.1"] }, TimeProvider.System),
            TimeProvider.System, NullLogger<EvolutionProvider>.Instance);
    }
}
