using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;

namespace Vellarys.Tests.Channels;

public sealed class MetaProviderContractTests : ProviderContractTests
{
    private const string Secret = "the secret of the app";

    private protected override Channel Channel { get; } = new(
        new TenantId(Id), new ChannelId(Id), "meta-cloud", "106540352242922", "token", [Secret], "", true);

    private protected override (string Body, HeaderDictionary Headers) Signed()
    {
        const string Body = """
            {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"106540352242922"},
            "contacts":[{"profile":{"name":"Ana"},"wa_id":"5511987650001"}],
            "messages":[{"from":"5511987650001","id":"wamid.1","timestamp":"1760000000","type":"text",
            "text":{"body":"oi"}}]}}]}]}
            """;
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(Body));
        return (Body, new HeaderDictionary { ["X-Hub-Signature-256"] = "sha256=" + Convert.ToHexStringLower(mac) });
    }

    private protected override IProvider Create(string url) => new MetaCloudProvider(
        new MetaCloudOptions { BaseUrl = url + "/v9" }, TimeProvider.System,
        NullLogger<MetaCloudProvider>.Instance);
}
