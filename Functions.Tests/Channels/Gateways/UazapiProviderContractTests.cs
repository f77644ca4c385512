using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Channels.Uazapi;

namespace Vellarys.Tests.Channels.Gateways;

public sealed class UazapiProviderContractTests : ProviderContractTests
{
    private const string Secret = "the secret of the webhook";
    private string _url = "";

    private protected override Channel Channel => new(
        new TenantId(Id), new ChannelId(Id), "uazapi", "loja", "token-of-the-instance", [Secret], "", true)
    {
        Server = new Uri(_url),
    };

    private protected override (string Body, HeaderDictionary Headers) Signed() => (
        """
        {"EventType":"messages","owner":"551130000000","token":"token-of-the-instance","message":{"messageid":"AC1",
        "id":"551130000000:AC1","chatid":"5511987650001@s.whatsapp.net","sender":"130000000000001@lid",
        "sender_pn":"5511987650001@s.whatsapp.net","fromMe":false,"messageType":"Conversation","content":"oi",
        "text":"oi","messageTimestamp":1760000000000}}
        """,
        new HeaderDictionary { ["X-Webhook-Token"] = Secret });

    private protected override IProvider Create(string url)
    {
        _url = url;
        return new UazapiProvider(
            new GatewayConnection(new GatewayOptions { PrivateServers = ["127.0.0.1"] }, TimeProvider.System),
            NullLogger<UazapiProvider>.Instance);
    }
}
