using System.Text.Json;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>What comes beside a message's text: nothing of it is lost, all of it is bounded.</summary>
public sealed class MetaContentTests
{
    private const string Head = """ "id":"wamid.1","from":"5511987654321","timestamp":"1760000000" """;

    [Theory]
    [InlineData(
        """
        {"type":"text","text":{"body":"oi"},"referral":{"source_type":"ad","headline":"Sofá Brisa","body":"R$ 2.490",
            "ctwa_clid":"AR1","source_id":12,"source_url":"https://fb.me/x"}}
        """,
        "ad.headline=Sofá Brisa|ad.body=R$ 2.490|ad.type=ad|ad.id=12|ad.url=https://fb.me/x|ad.click=AR1")]
    [InlineData(
        """
        {"type":"text","text":{"body":"tem?"},"context":{"forwarded":true,
            "referred_product":{"catalog_id":"9","product_retailer_id":"LUA-01"}}}
        """,
        "forwarded=yes|product=LUA-01|product.catalog=9")]
    [InlineData(
        """
        {"type":"order","order":{"catalog_id":"99","product_items":[
            {"product_retailer_id":"SOFA","quantity":2,"item_price":2490.5,"currency":"BRL"},
            {"product_retailer_id":"LUA","quantity":"1","item_price":"890","currency":"BRL"}]}}
        """,
        "item=2 × SOFA (2490.5 BRL)|item=1 × LUA (890 BRL)|total=5871 BRL|catalog=99")]
    [InlineData(
        """{"type":"order","order":{"product_items":[{"product_retailer_id":"SOFA"},7,{"quantity":{}}]}}""",
        "item=1 × SOFA|item=1 ×|item=1 ×")]
    [InlineData(
        """
        {"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent",
            "response_json":"{\"flow_token\":\"x\",\"bairro\":\"Batel\",\"dias\":[\"seg\",3],\"ok\":true,\"n\":null}"}}}
        """,
        "form=flow|form.bairro=Batel|form.dias=seg, 3|form.ok=true")]
    [InlineData(
        """{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{não é"}}}""",
        "form.answer={não é")]
    [InlineData(
        """{"type":"interactive","interactive":{"nfm_reply":{"response_json":{"a":{"cep":80420}}},"type":"x"}}""",
        "form.a.cep=80420")]
    [InlineData(
        """
        {"type":"interactive","interactive":{"type":"list_reply",
            "list_reply":{"id":"r1","title":"Sofá","description":"três lugares"}}}
        """,
        "choice.id=r1|choice.description=três lugares")]
    [InlineData(
        """{"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"b1","title":"Sim"}}}""",
        "choice.id=b1")]
    [InlineData("""{"type":"button","button":{"payload":"YES","text":"Sim"}}""", "button.payload=YES")]
    [InlineData(
        """
        {"type":"contacts","contacts":[{"name":{"formatted_name":"Ana"},"org":{"company":"Loja"},
            "phones":[{"phone":"+55 11 98765-4321","wa_id":"5511987654321"},{"phone":"3030","wa_id":"551130303030"}],
            "emails":[{"email":"ana@exemplo.invalid"}]},{"name":{"formatted_name":"Beto"}},5]}
        """,
        "contact=Ana: +55 11 98765-4321, 3030 (WhatsApp 551130303030), ana@exemplo.invalid, Loja|contact=Beto")]
    [InlineData(
        """
        {"type":"location","location":{"latitude":1,"longitude":2,"name":"Praça","address":"Rua Um, 5"}}
        """,
        "place.name=Praça|place.address=Rua Um, 5")]
    [InlineData("""{"type":"document","document":{"filename":"nota\nfiscal.pdf"}}""", "file=nota fiscal.pdf")]
    [InlineData("""{"type":"audio","audio":{"voice":true}}""", "voice=yes")]
    [InlineData(
        """{"type":"unsupported","unsupported":{"type":"poll"},"errors":[{"code":131051,"title":"Unknown"}]}""",
        "unsupported=poll|error=131051 Unknown")]
    [InlineData(
        """{"type":"edit","edit":{"message":{"type":"document","document":{"filename":"a"}}}}""",
        "file=a")]
    [InlineData("""{"type":"text","text":{"body":"oi"}}""", "")]
    public void Read_WhatComesBesideTheText_IsKept(string part, string expected)
    {
        InboundEvent happened = Message(part);
        Assert.Equal(expected, string.Join('|', (happened.Details ?? []).Select(d => $"{d.Name}={d.Value}")));
        if (expected.Length > 0) Assert.NotNull(happened.Raw);
    }

    [Theory]
    [InlineData("""{"type":"text","text":{"body":"esse"},"context":{"from":"1","id":"wamid.q"}}""", "wamid.q")]
    [InlineData("""{"type":"reaction","reaction":{"message_id":"wamid.q","emoji":"👍"}}""", "wamid.q")]
    [InlineData("""{"type":"revoke","revoke":{"original_message_id":"wamid.q"}}""", "wamid.q")]
    [InlineData(
        """{"type":"edit","edit":{"original_message_id":"wamid.q","message":{"type":"text","text":{"body":"x"}}}}""",
        "wamid.q")]
    [InlineData("""{"type":"edit","edit":{"original_message_id":"wamid.q"}}""", null)]
    [InlineData("""{"type":"edit","edit":{"original_message_id":"wamid.q","message":{"type":"new"}}}""", null)]
    [InlineData("""{"type":"text","text":{"body":"oi"},"context":{"id":7}}""", null)]
    public void Read_WhatAMessageRefersTo_IsNamed(string part, string? target) =>
        Assert.Equal(target, Message(part).RefersTo);

    [Fact]
    public void Read_HugeForm_IsBounded()
    {
        string long900 = new('á', 900);
        string fields = string.Join(',', Enumerable.Range(0, 500).Select(n => $"\"campo{n}\":\"{long900}\""));
        string json = JsonSerializer.Serialize($"{{{fields}}}");
        InboundEvent happened = Message(
            """{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":""" + json + "}}}");
        Assert.True(happened.Details!.Sum(d => d.Name.Length + d.Value.Length) <= 4_096);
        Assert.All(happened.Details!, d => Assert.True(d.Value.Length <= 500));
    }

    [Fact]
    public void Read_DetailWithLineFeedsAndHiddenMarks_IsOneLine()
    {
        InboundEvent happened = Message(
            """{"type":"text","text":{"body":"oi"},"referral":{"headline":"a\n\nSystem:\u202e b\u2028c\u0000"}}""");
        Assert.Equal("a System: b c\uFFFD", Assert.Single(happened.Details!).Value);
    }

    [Theory]
    [InlineData("""{"id":"c1","from":"5511987654321","event":"connect","direction":"USER_INITIATED"}""", "c1")]
    [InlineData("""{"id":"c1","from":"+5511987654321","event":"terminate","status":"FAILED"}""", "c1")]
    [InlineData("""{"id":"c1","from":"5511987654321","event":"connect","direction":"BUSINESS_INITIATED"}""", null)]
    [InlineData("""{"id":"c1","event":"connect"}""", null)]
    public void Read_Call_IsOneNoticeWhateverBecomesOfIt(string call, string? id)
    {
        string body = Payloads.WithValue($$"""{"metadata":{"phone_number_id":"1"},"calls":[{{call}}]}""", "calls");
        InboundEvent happened = Payloads.Single(body);
        if (id is null) Assert.Equal(InboundKind.Unknown, happened.Kind);
        else
            Assert.Equal((InboundKind.Notice, "call", id), (happened.Kind, happened.Type, happened.EventId));
    }

    private static InboundEvent Message(string part) =>
        Payloads.Single(Payloads.WithMessage($"{{{Head},{part[1..]}"));
}
