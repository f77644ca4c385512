using System.Text;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>A body costs its bytes, not its items times whatever stands beside them.</summary>
public sealed class MetaBoundsTests
{
    private const string Message =
        """{"id":"wamid.N","from":"5511900000001","type":"text","text":{"body":"oi"}}""";

    [Theory]
    [InlineData(2_000, 1_000, 1)]
    [InlineData(4_000, 1, 990)]
    public void Read_ManyItemsBesideManyProfilesOrProperties_AllocatesInProportion(
        int items, int contacts, int properties)
    {
        string profiles = string.Join(',', Enumerable.Range(0, contacts).Select(i =>
            $$$"""{"wa_id":"55119{{{i:D8}}}","profile":{"name":"N"}}"""));
        string beside = string.Concat(Enumerable.Range(0, properties - 1).Select(i => $"\"\\u0063ontact{i}\":1,"));
        string messages = string.Join(',', Enumerable.Range(0, items).Select(i => Message.Replace(
            "wamid.N", $"wamid.{i}", StringComparison.Ordinal)));
        byte[] body = Encoding.UTF8.GetBytes(Payloads.WithValue(
            $$"""
            {"metadata":{"phone_number_id":"100"},"contacts":[{{profiles}}],{{beside}}
            "messages":[{{messages}}]}
            """));

        long before = GC.GetAllocatedBytesForCurrentThread();
        IReadOnlyList<WebhookItem> read = Payloads.Items(body);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(items, read.Count);
        Assert.All(read, item => Assert.Equal(InboundKind.Message, item.Event.Kind));
        Assert.InRange(allocated, 0, 40L * body.Length);
    }

    [Fact]
    public void Read_ProfilesInAnyOrderAndTwice_TheFirstOfTheNumberIsTaken()
    {
        const string contacts =
            """
            [{"wa_id":"5511900000009","profile":{"name":"Other"}},{"wa_id":"5511900000001","profile":{"name":"Ana"}},
            {"wa_id":"5511900000001","profile":{"name":"Later"}}]
            """;
        Assert.Equal("Ana", Payloads.Single(Payloads.WithMessage(Message, contacts)).ProfileName);
    }

    [Fact]
    public void Read_EscapedAndRepeatedNames_TheLastCounts()
    {
        const string message =
            """{"id":"a","i\u0064":"b","from":"5511900000001","type":"text","text":{"body":"1","b\u006fdy":"2"}}""";
        InboundEvent happened = Payloads.Single(Payloads.WithMessage(message));
        Assert.Equal(("b", "2"), (happened.EventId, happened.Text));
    }

    [Theory]
    [InlineData("""{"a":{"b":[[X]]}}""", "$.a.b[0]")]
    [InlineData("""[1,2,{"c":[X]}]""", "$[2].c")]
    public void Check_TooManyItems_NamesWhere(string json, string field)
    {
        string many = string.Join(',', Enumerable.Repeat(1, JsonBounds.MaxElements + 1));
        byte[] body = Encoding.UTF8.GetBytes(json.Replace("X", many, StringComparison.Ordinal));
        Assert.Equal(field, Assert.Throws<MalformedWebhook>(() => JsonBounds.Check(body)).Field);
    }

    [Fact]
    public void Read_AThousandStatuses_AsMetaSendsThem_AreTaken()
    {
        string statuses = string.Join(',', Enumerable.Range(0, 1_000).Select(i =>
            $$$"""
            {"id":"wamid.{{{i}}}","status":"delivered","timestamp":"1760000000","recipient_id":"5511900000001",
            "conversation":{"id":"c","origin":{"type":"marketing"}},
            "pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"marketing"}}
            """));
        Assert.Equal(1_000, Payloads.Items(Payloads.WithStatus(statuses)).Count);
    }
}
