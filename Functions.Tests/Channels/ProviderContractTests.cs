using System.Text;
using Microsoft.AspNetCore.Http;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>
/// What the intake and the senders take for granted of every <see cref="IProvider"/>: strangers are refused without an
/// exception, a body is read or refused as malformed, and sending answers whatever the other side does.
/// </summary>
public abstract class ProviderContractTests : IAsyncLifetime
{
    private protected static readonly Guid Id = Ids.New(TimeProvider.System);
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private protected ProviderServer Server { get; private set; } = null!;
    private protected IProvider Provider { get; private set; } = null!;

    /// <summary>A number with a secret of its own.</summary>
    private protected abstract Channel Channel { get; }

    /// <summary>A webhook with one text, and headers that prove its origin.</summary>
    private protected abstract (string Body, HeaderDictionary Headers) Signed();

    private protected abstract IProvider Create(string url);

    /// <summary>False for a provider that is all within the process.</summary>
    private protected virtual bool CallsAServer => true;

    public async Task InitializeAsync()
    {
        Server = await ProviderServer.StartAsync();
        Provider = Create(Server.Url);
    }

    public async Task DisposeAsync()
    {
        (Provider as IDisposable)?.Dispose();
        await Server.DisposeAsync();
    }

    [Fact]
    public void Kind_IsAPathSegment_AndNoAliasOfItsOwn()
    {
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", Provider.Kind);
        Assert.DoesNotContain(Provider.Kind, Provider.Aliases);
    }

    [Fact]
    public void SignedBody_IsAuthenticAndHoldsOneTextWithWhatTheIntakeNeeds()
    {
        (string body, HeaderDictionary headers) = Signed();
        Assert.True(Provider.LooksSigned(Channel, headers));
        Assert.True(Provider.IsAuthentic(Channel, headers, Encoding.UTF8.GetBytes(body)));
        InboundEvent read = Assert.Single(Provider.Read(Channel, Encoding.UTF8.GetBytes(body), Now).Items).Event;
        Assert.Equal((InboundKind.Message, "oi"), (read.Kind, read.Text));
        Assert.NotEmpty(read.EventId);
        Assert.NotEmpty(read.Identities);
        Assert.Equal((Guid.Empty, Guid.Empty), (read.Tenant, read.Channel));
    }

    [Fact]
    public void BodyReadTwice_IsTheSameEventTwice()
    {
        byte[] body = Encoding.UTF8.GetBytes(Signed().Body);
        Assert.Equal(
            Provider.Read(Channel, body, Now).Items.Select(i => i.Event.EventId),
            Provider.Read(Channel, body, Now.AddMinutes(1)).Items.Select(i => i.Event.EventId));
    }

    [Fact]
    public void Strangers_AreRefusedWithoutAnException()
    {
        (string body, HeaderDictionary headers) = Signed();
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        Assert.False(Provider.IsAuthentic(Channel, new HeaderDictionary(), bytes));
        Assert.False(Provider.IsAuthentic(null, new HeaderDictionary(), bytes));
        Channel other = Channel with { WebhookSecrets = ["another secret of somebody else"] };
        Assert.False(Provider.IsAuthentic(other, headers, bytes));
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in headers)
        {
            foreach (string wrong in new[] { "", " ", "sha256=", new string('x', 10_000), value + "0", "\u00e9\u00e9" })
            {
                HeaderDictionary forged = new() { [name] = wrong };
                if (Provider.LooksSigned(Channel, forged)) Assert.False(Provider.IsAuthentic(Channel, forged, bytes));
            }

            Assert.False(Provider.IsAuthentic(Channel, new HeaderDictionary { [name] = new([value, value]) }, bytes));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"x\"")]
    [InlineData("[[[[[[[[")]
    [InlineData("{\"entry\":{}}")]
    [InlineData("{\"messages\":7}")]
    [InlineData("<html></html>")]
    [InlineData("\0\0\0")]
    public void Garbage_IsMalformedOrHoldsNothing(string body)
    {
        try
        {
            Assert.Empty(Provider.Read(Channel, Encoding.UTF8.GetBytes(body), Now).Items);
        }
        catch (MalformedWebhook e)
        {
            Assert.StartsWith("$", e.Field, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(200, "{}")]
    [InlineData(200, "<html>")]
    [InlineData(204, "")]
    [InlineData(302, "")]
    [InlineData(400, "{\"error\":7}")]
    [InlineData(401, "")]
    [InlineData(404, "nul")]
    [InlineData(429, "{\"error\":{\"code\":130429}}")]
    [InlineData(500, "[]")]
    [InlineData(503, "")]
    public async Task Answers_OfEveryKind_AreAnOutcomeAndNoException(int status, string body)
    {
        Server.Answer = context =>
        {
            context.Response.StatusCode = status;
            return status == 204 ? Task.CompletedTask : context.Response.WriteAsync(body);
        };
        Assert.NotNull(await Provider.SendAsync(Channel, Message(), default));
        Assert.NotNull(await Provider.ProbeAsync(Channel, default));
        await Provider.MarkReadAsync(Channel, "id", default);
    }

    [Fact]
    public async Task NobodyThere_IsAnOutcomeAndNoException()
    {
        IProvider provider = Create("http://127.0.0.1:1");
        Assert.NotNull(await provider.SendAsync(Channel, Message(), default));
        Assert.NotNull(await provider.ProbeAsync(Channel, default));
        await provider.MarkReadAsync(Channel, "id", default);
        (provider as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task EachKindThatItSends_IsACallAndAnOutcome()
    {
        // As an upload is answered, where a file goes first.
        Server.AnswerWith(200, """{"id":"1"}""");
        foreach ((OutboundKinds needs, OutboundMessage message) in OutboundExamples.All(Id))
        {
            if (needs is not OutboundKinds.Quotes && !Provider.Sends.HasFlag(needs)) continue;
            Server.Requests.Clear();
            SendOutcome outcome = await Provider.SendAsync(Channel, message, default);
            Assert.NotNull(outcome);
            if (!CallsAServer) continue;
            Assert.NotEmpty(Server.Requests);
            Assert.Contains("5511999990000", Server.Requests.Last().Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FileOfAMessage_IsOpenedGoneOrLater()
    {
        foreach ((int status, string body) in new[] { (200, "{}"), (200, "<html>"), (404, ""), (401, "{}"), (503, "") })
        {
            Server.AnswerWith(status, body);
            MediaDownload download = await Provider.DownloadAsync(
                Channel, new InboundMedia("image", Server.Url + "/file", "image/jpeg", null, null), default);
            if (download is MediaDownload.Opened opened) await opened.Content.DisposeAsync();
        }
    }

    private static OutboundMessage Message() => new(new MessageId(Id), Id, "5511999990000", "oi");
}
