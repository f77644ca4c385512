using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Evolution;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Channels.Uazapi;
using Vellarys.Channels.ZApi;
using Xunit;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>None of the gateways signs: what each shows instead, and what is not taken for it.</summary>
public sealed class GatewayOriginTests : IDisposable
{
    private const string Secret = "the secret of the webhook";
    private const string Older = "the secret before this one";
    private static readonly Guid Id = Ids.New(TimeProvider.System);
    private readonly GatewayConnection _connection = new(new GatewayOptions(), TimeProvider.System);

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData("evolution", "X-Webhook-Token", Secret, true)]
    [InlineData("evolution", "X-Webhook-Token", Older, true)]
    [InlineData("evolution", "Authorization", "Bearer " + Secret, true)]
    [InlineData("evolution", "z-api-token", Secret, false)]
    [InlineData("evolution", "X-Webhook-Token", "key-of-the-instance", false)]
    [InlineData("uazapi", "X-Webhook-Token", Secret, true)]
    [InlineData("uazapi", "X-Webhook-Token", "wrong", false)]
    [InlineData("z-api", "X-Webhook-Token", Older, true)]
    [InlineData("z-api", "z-api-token", Secret, true)]
    [InlineData("z-api", "z-api-token", "key-of-the-instance", false)]
    public void ChannelWithSecrets_TakesWhoShowsOneOfThem(string kind, string header, string value, bool isRight)
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"token":"key-of-the-instance","apikey":"key-of-the-instance"}""");
        Channel channel = Channel(kind, Secret, Older);
        HeaderDictionary headers = new() { [header] = value };
        Assert.Equal(isRight, Provider(kind).IsAuthentic(channel, headers, body));
        Assert.Equal(isRight, Provider(kind).LooksSigned(channel, headers));
        Assert.False(Provider(kind).IsAuthentic(null, headers, body));
    }

    [Theory]
    [InlineData("evolution", "", """{"event":"x","apikey":"key-of-the-instance"}""", true)]
    [InlineData("evolution", "", """{"event":"x","apikey":null}""", false)]
    [InlineData("evolution", "", """{"event":"x"}""", false)]
    [InlineData("uazapi", "", """{"EventType":"x","token":"key-of-the-instance"}""", true)]
    [InlineData("uazapi", "", """{"EventType":"x","token":"another"}""", false)]
    [InlineData("uazapi", "", """{"message":{"token":"key-of-the-instance"}}""", false)]
    [InlineData("uazapi", "", """{"token":""", false)]
    [InlineData("uazapi", "", "", false)]
    [InlineData("z-api", "key-of-the-instance", "{}", true)]
    [InlineData("z-api", "client-key", "{}", false)]
    [InlineData("z-api", "", "{}", false)]
    public void ChannelWithoutSecrets_TakesWhatTheGatewayShowsByItself(
        string kind, string token, string body, bool isRight)
    {
        HeaderDictionary headers = token.Length == 0 ? [] : new() { ["z-api-token"] = token };
        Assert.Equal(
            isRight, Provider(kind).IsAuthentic(Channel(kind), headers, Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void Evolution_BearerThatItSigns_IsTaken()
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string claims = $$"""{"iat":{{now}},"exp":{{now + 600}},"app":"evolution","action":"webhook"}""";
        string expired = $$"""{"iat":1,"exp":{{now - 600}}}""";
        const string head = """{"alg":"HS256","typ":"JWT"}""";
        Assert.True(IsTaken(Jwt(head, claims, Secret)));
        Assert.True(IsTaken(Jwt(head, claims, Older)));
        Assert.False(IsTaken(Jwt(head, claims, "another secret")));
        Assert.False(IsTaken(Jwt(head, expired, Secret)));
        Assert.False(IsTaken(Jwt(head, "{}", Secret)));
        Assert.False(IsTaken(Jwt("""{"alg":"none"}""", claims, Secret)));
        foreach (string nonsense in new[] { "", ".", "..", "a.b.c", "ä.ö.ü", new string('x', 100_000) })
            Assert.False(IsTaken(nonsense));
    }

    private bool IsTaken(string bearer) => Provider("evolution").IsAuthentic(
        Channel("evolution", Secret, Older), new HeaderDictionary { ["Authorization"] = "Bearer " + bearer }, "{}"u8);

    private static string Jwt(string head, string claims, string secret)
    {
        string signed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(head)) + "."
            + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(mac)}";
    }

    private static Channel Channel(string kind, params string[] secrets) => new(
        new TenantId(Id), new ChannelId(Id), kind, "loja",
        kind == "z-api" ? "key-of-the-instance:client-key" : "key-of-the-instance", secrets, "", true);

    private IProvider Provider(string kind) => kind switch
    {
        "evolution" => new EvolutionProvider(
            _connection, TimeProvider.System, NullLogger<EvolutionProvider>.Instance),
        "uazapi" => new UazapiProvider(_connection, NullLogger<UazapiProvider>.Instance),
        _ => new ZApiProvider(
            _connection, new GatewayOptions(), TimeProvider.System, NullLogger<ZApiProvider>.Instance),
    };
}
