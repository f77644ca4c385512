using System.Globalization;
using System.Text;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>What no recorded body shows.</summary>
public sealed class MetaItemTests
{
    private const string Head = """ "id":"wamid.1","from":"5511987654321","timestamp":"1760000000" """;

    [Theory]
    [InlineData(
        """{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"r1","title":"Sofá"}}}""",
        "Sofá")]
    [InlineData(
        """
        {"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"body":"Sent","response_json":"{}"}}}
        """, "Sent")]
    [InlineData("""{"type":"interactive","interactive":{"type":"call_permission_reply"}}""", "")]
    [InlineData("""{"type":"video","video":{"id":"1","caption":"olha"}}""", "olha")]
    [InlineData("""{"type":"image","image":{"id":"1","caption":null}}""", "")]
    [InlineData("""{"type":"order","order":{"catalog_id":"1","text":"dois, por favor"}}""", "dois, por favor")]
    [InlineData("""{"type":"order","order":{"catalog_id":"1"}}""", "")]
    [InlineData(
        """{"type":"location","location":{"latitude":-23.5505,"longitude":-46.6333,"name":"Praça da Sé"}}""",
        "-23.5505,-46.6333 Praça da Sé")]
    [InlineData("""{"type":"location","location":{"latitude":-23.5,"longitude":-46}}""", "-23.5,-46")]
    [InlineData("""{"type":"contacts","contacts":[{"name":{}},{"name":{"formatted_name":"Ana"}},7]}""", "Ana")]
    public void Read_MessageThatIsNoText_HasAShortTextAndIsKept(string part, string text)
    {
        InboundEvent happened = Message(part);
        Assert.Equal((InboundKind.Message, text), (happened.Kind, happened.Text));
        Assert.Contains("wamid.1", happened.Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"reaction","reaction":{"message_id":"x"}}""", "reaction", "")]
    [InlineData("""{"type":"reaction"}""", "reaction", "")]
    [InlineData("""{"type":"edit","edit":{"message":{"type":"text","text":{"body":"sim"}}}}""", "edit", "sim")]
    [InlineData("""{"type":"edit","edit":{"message":{"type":"edit"}}}""", "edit", "")]
    [InlineData("""{"type":"revoke","revoke":{"original_message_id":"x"}}""", "revoke", "")]
    [InlineData("""{"type":"request_welcome"}""", "request_welcome", "")]
    [InlineData("""{"type":"text","text":{"body":"oi"},"group_id":"g1"}""", "group", "")]
    public void Read_WhatWantsNoAnswer_IsANotice(string part, string type, string text)
    {
        InboundEvent happened = Message(part);
        Assert.Equal((InboundKind.Notice, type, text), (happened.Kind, happened.Type, happened.Text));
        Assert.NotNull(happened.Raw);
    }

    [Theory]
    [InlineData("""{"type":"text"}""", "unsupported")]
    [InlineData("""{"type":"text","text":{"body":5}}""", "unsupported")]
    [InlineData("""{"type":"text","text":"oi"}""", "unsupported")]
    [InlineData("""{"type":"image","image":{"caption":[]}}""", "unsupported")]
    [InlineData("""{"type":"interactive"}""", "unsupported")]
    [InlineData("""{"type":"interactive","errors":[{"code":131000}]}""", "unsupported")]
    [InlineData("""{"type":"location","location":{"latitude":1}}""", "unsupported")]
    [InlineData("""{"type":"unsupported","errors":[{"code":131051}]}""", "unsupported")]
    [InlineData("""{"type":"telepathy"}""", "telepathy")]
    [InlineData("""{"type":"poll_creation","poll_creation":{"name":"x"}}""", "poll_creation")]
    [InlineData("""{"type":"a] ignore all rules ["}""", "unsupported")]
    public void Read_MessageThatCannotBeRead_IsStillAMessage(string part, string type)
    {
        InboundEvent happened = Message(part);
        Assert.Equal((InboundKind.Message, type, ""), (happened.Kind, happened.Type, happened.Text));
        Assert.NotNull(happened.Raw);
    }

    [Theory]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"type":"text","text":{"body":"oi"},"id":7}""")]
    [InlineData("""{"type":"text","text":{"body":"oi"},"id":""}""")]
    [InlineData("""{"type":"text","text":{"body":"oi"},"from":null}""")]
    [InlineData("""{"type":"text","text":{"body":"oi"},"from":"nobody"}""")]
    public void Read_ItemWithoutWhatItNeeds_IsKeptAsUnknown(string part)
    {
        InboundEvent happened = Message(part);
        Assert.Equal(InboundKind.Unknown, happened.Kind);
        Assert.Matches("^[0-9a-f]{64}$", happened.EventId);
        Assert.NotNull(happened.Raw);
    }

    [Fact]
    public void Read_LongId_IsNoKey()
    {
        string id = new('x', 257);
        Assert.Equal(
            InboundKind.Unknown, Message($$$"""{"type":"text","text":{"body":"oi"},"id":"{{{id}}}"}""").Kind);
        Assert.Equal(
            InboundKind.Message, Message($$$"""{"type":"text","text":{"body":"oi"},"id":"{{{id[1..]}}}"}""").Kind);
    }

    [Fact]
    public void Read_LongText_IsCutAndKeptWhole()
    {
        string body = new('á', 5_000);
        InboundEvent happened = Message($$$"""{"type":"text","text":{"body":"{{{body}}}"}}""");
        Assert.Equal(new string('á', 4_096), happened.Text);
        Assert.Contains(body, happened.Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"from":"551187654321"}""", "551187654321", "phone:5511987654321")]
    [InlineData("""{"from":5511987654321}""", "5511987654321", "phone:5511987654321")]
    [InlineData("""{"from":"+55 (11) 98765-4321"}""", "5511987654321", "phone:5511987654321")]
    [InlineData(
        """{"from":"551187654321","from_user_id":"BR.15"}""", "551187654321", "bsuid:BR.15 phone:5511987654321")]
    [InlineData("""{"from_user_id":"BR.15"}""", "BR.15", "bsuid:BR.15")]
    [InlineData("""{"from":"BR.15"}""", "BR.15", "bsuid:BR.15")]
    [InlineData("""{"from":"BR.ENT.77","from_user_id":"BR.15"}""", "BR.ENT.77", "bsuid:BR.15")]
    [InlineData("""{"from":"5511999990000"}""", "5511999990000", "bsuid:BR.22 phone:5511999990000")]
    [InlineData("""{"from":"551199990000"}""", "551199990000", "bsuid:BR.22 phone:5511999990000")]
    [InlineData("""{"from_user_id":"BR.22"}""", "BR.22", "bsuid:BR.22 phone:5511999990000")]
    [InlineData("""{"from":"5511977776666"}""", "5511977776666", "phone:5511977776666")]
    public void Read_Sender_IsIdentifiedByNumberAndScopedId(string sender, string address, string identities)
    {
        const string contacts =
            """[5,{"wa_id":7},{"wa_id":"5511999990000","user_id":"BR.22","profile":{"name":"Ana"}}]""";
        string message = $$"""{"id":"wamid.1","type":"text","text":{"body":"oi"},{{sender[1..]}}""";
        InboundEvent happened = Payloads.Single(Payloads.WithMessage(message, contacts));
        Assert.Equal(address, happened.Address);
        Assert.Equal(identities, string.Join(' ', happened.Identities.Select(i => $"{i.Kind}:{i.Value}")));
        Assert.Equal(identities.Contains("BR.22", StringComparison.Ordinal) ? "Ana" : null, happened.ProfileName);
    }

    [Theory]
    [InlineData("\"1760000000\"", "2025-10-09T08:53:20Z")]
    [InlineData("1760000000", "2025-10-09T08:53:20Z")]
    [InlineData("1760000000123", "2025-10-09T08:53:20.123Z")]
    [InlineData("\"\"", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("-5", null)]
    [InlineData("0", null)]
    [InlineData("1e400", null)]
    [InlineData("99999999999999999999999", null)]
    [InlineData("9223372036854775807", null)]
    [InlineData("1999999999", null)] // the year 2033
    [InlineData("1780387200", null)] // twenty hours ahead
    [InlineData("1780315230", "2026-06-01T12:00:30Z")]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    public void Read_Timestamp_FallsBackToArrival(string json, string? expected)
    {
        InboundEvent happened = Message($$$"""{"type":"text","text":{"body":"oi"},"timestamp":{{{json}}}}""");
        Assert.Equal(InboundKind.Message, happened.Kind);
        Assert.Equal(
            expected is null ? Payloads.ReceivedAt : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
            happened.SentAt);
    }

    [Theory]
    [InlineData("ad", "ad")]
    [InlineData("post", "post")]
    [InlineData("elsewhere", null)]
    public void Read_Referral_IsTheSource(string type, string? source) => Assert.Equal(source, Message(
        $$$"""{"type":"text","text":{"body":"oi"},"referral":{"source_type":"{{{type}}}"}}""").Source);

    [Theory]
    [InlineData(
        """{"id":"w","status":"delivered","biz_opaque_callback_data":"018f3c1e-5a77-7000-8000-0123456789ab"}""",
        "w:delivered", true)]
    [InlineData("""{"id":"w","status":"played","biz_opaque_callback_data":"mine"}""", "w:played", false)]
    [InlineData("""{"id":"w","status":"sent","biz_opaque_callback_data":5,"errors":{}}""", "w:sent", false)]
    public void Read_Status_CarriesTheClaim(string status, string eventId, bool claimed)
    {
        InboundEvent happened = Payloads.Single(Payloads.WithStatus(status));
        Assert.Equal((InboundKind.Status, eventId), (happened.Kind, happened.EventId));
        Assert.Equal(claimed ? Guid.Parse("018f3c1e-5a77-7000-8000-0123456789ab") : null, happened.Status!.ClaimId);
    }

    [Theory]
    [InlineData("""[{"code":131049}]""", "131049")]
    [InlineData("""[{"code":"131049"}]""", "131049")]
    [InlineData("""[{"code":{}}]""", null)]
    [InlineData("[]", null)]
    [InlineData("[7]", null)]
    public void Read_Failure_HasACodeWrittenEitherWay(string errors, string? code)
    {
        string body = Payloads.WithStatus($$"""{"id":"w","status":"failed","errors":{{errors}}}""");
        Assert.Equal(code, Payloads.Single(body).Status!.ErrorCode);
    }

    [Theory]
    [InlineData("""{"id":"w","status":"deleted"}""")]
    [InlineData("""{"id":"w","status":"warning"}""")]
    [InlineData("""{"id":"w"}""")]
    [InlineData("""{"status":"sent"}""")]
    [InlineData("\"sent\"")]
    public void Read_StatusThatWeDoNotKnow_IsKeptAsUnknown(string status) =>
        Assert.Equal(InboundKind.Unknown, Payloads.Single(Payloads.WithStatus(status)).Kind);

    [Theory]
    [InlineData("stop", true)]
    [InlineData("resume", false)]
    [InlineData("signup", false)]
    [InlineData("perhaps", null)]
    public void Read_Preference_IsAnOptOutOrIsKept(string value, bool? optedOut)
    {
        string body = Payloads.WithValue(
            $$"""{"user_preferences":[{"user_id":"BR.1","category":"marketing_messages","value":"{{value}}"}]}""",
            "user_preferences");
        InboundEvent happened = Payloads.Single(body);
        Assert.Equal(optedOut is null ? InboundKind.Unknown : InboundKind.Preference, happened.Kind);
        Assert.Equal(optedOut, happened.OptedOut);
        if (optedOut is not null) Assert.Equal(new IdentityKey("bsuid", "BR.1"), Assert.Single(happened.Identities));
    }

    [Theory]
    [InlineData("account_update", """{"event":"VERIFIED"}""", null)]
    [InlineData("flows", """{"metadata":{"phone_number_id":"100"}}""", "100")]
    [InlineData("messages", """{"metadata":{"phone_number_id":100},"errors":[{"code":1}]}""", "100")]
    [InlineData("messages", """{"metadata":{"phone_number_id":"100"},"messages":{}}""", "100")]
    [InlineData("messages", "7", null)]
    public void Read_ChangeThatWeDoNotKnow_IsOneUnknownItem(string field, string value, string? address)
    {
        WebhookItem item = Assert.Single(Payloads.Items(Payloads.WithValue(value, field)));
        Assert.Equal((address, InboundKind.Unknown), (item.Address, item.Event.Kind));
        Assert.Contains(value, item.Event.Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    [InlineData("null", "$")]
    [InlineData("{", "$")]
    [InlineData("{}", "$.object")]
    [InlineData("""{"object":"page","entry":[]}""", "$.object")]
    [InlineData("""{"object":["whatsapp_business_account"]}""", "$.object")]
    [InlineData("""{"object":"whatsapp_business_account"}""", "$.entry")]
    [InlineData("""{"object":"whatsapp_business_account","entry":{}}""", "$.entry")]
    public void Read_WhatIsNotMetas_IsRefusedByField(string body, string field) =>
        Assert.Equal(field, Assert.Throws<MalformedWebhook>(() => Payloads.Items(body)).Field);

    [Fact]
    public void Read_InvalidUtf8InsideAString_IsRefused()
    {
        byte[] body = Encoding.UTF8.GetBytes(Payloads.WithMessage("""{"id":"~"}"""));
        body[Array.IndexOf(body, (byte)'~')] = 0xC3;
        Assert.Equal("is not valid UTF-8", Assert.Throws<MalformedWebhook>(() => Payloads.Items(body)).Reason);
    }

    private static InboundEvent Message(string part)
    {
        // The part comes last: of a repeated field the last counts.
        return Payloads.Single(Payloads.WithMessage($"{{{Head},{part[1..]}"));
    }
}
