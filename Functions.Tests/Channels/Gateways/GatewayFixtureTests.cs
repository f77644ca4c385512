using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>Every recorded body of a gateway against the events that it must become.</summary>
public sealed class GatewayFixtureTests
{
    private const string Ana = "59171000005 [phone:59171000005] (Contato Teste)";
    private const string Paulista = "5511950000017 [phone:5511950000017] (Contato Teste)";
    private const string Roman = "40723000001 [phone:40723000001 lid:130000000000001] (Contato Teste)";
    private const string Zoe = "5544999999999 [phone:5544999999999 lid:81896604192873]";

    private static readonly Dictionary<string, string[]> Table = new()
    {
        ["evolution/01-connection-update-close.json"] = ["Unknown connection"],
        ["evolution/02-text.json"] = [$"Message text {Ana} \"hola - text\""],
        ["evolution/03-image-base64.json"] =
            [$"Message image {Ana} \"hola - text con multimedia (imagen)\" <image image/jpeg>"],
        ["evolution/05-text-fromme-echo.json"] =
            ["Echo text 59171000005 [phone:59171000005] () \"menasje saliente solo texto\""],
        ["evolution/06-image-fromme-echo.json"] =
        [
            "Echo image 59171000005 [phone:59171000005] () \"mensaje saliente con multimedia (imagen)\""
            + " <image image/jpeg>",
        ],
        ["evolution/08-group-extended-text.json"] = ["Unknown group"],
        ["evolution/09-audio-ptt-base64.json"] =
            ["Message audio 5519990000014 [phone:5519990000014] (Contato Teste) \"\" <audio audio/ogg voice>"],
        ["evolution/11-text-lid-remotejidalt.json"] =
        [
            "Message text 558890000013 [phone:5588990000013 lid:76000000000006] (Contato Teste)"
            + " \"Teste envio de mensagem\"",
        ],
        ["evolution/12-text-237-lid-resolved.json"] = [$"Message text {Paulista} \"Mensagem de teste\""],
        ["evolution/13-text-237-quoted-reply.json"] =
            [$"Message text {Paulista} \"Teste\" -> A5C6199A603479DA189DBC0EB1FE83D7"],
        ["evolution/15-text-fromme-server-ack.json"] =
            ["Echo text 558190000011 [phone:5581990000011] () \"Texto da mensagem\""],
        ["evolution/16-contacts-upsert-array.json"] = [],
        ["evolution/18-messages-update-delivery-ack.json"] = ["Status delivered 3EB0ABCDEF0123456789"],
        ["evolution/19-messages-update-read.json"] = ["Status read 3EB0ABCDEF0123456789"],
        ["evolution/21-messages-delete.json"] =
            ["Notice revoke 551190000002 [phone:5511990000002] () \"\" -> 3EB0ABCDEF0123456789"],
        ["evolution/22-send-message.json"] = [],
        ["evolution/23-connection-update-open.json"] = ["Unknown connection"],
        ["uazapi/01-text.json"] = [$"Message text {Roman} \"Oi\""],
        // Somebody writes to themselves.
        ["uazapi/02-text-conversation-content-string-fromme.json"] = ["Unknown self"],
        ["uazapi/03-text-fromme-echo.json"] =
            ["Echo text 40723000001 [phone:40723000001 lid:130000000000001] () \"Oi\""],
        ["uazapi/05-audio-ptt.json"] = [$"Message audio {Roman} \"\" <audio audio/ogg voice>"],
        ["uazapi/06-video.json"] = [$"Message video {Roman} \"\" <video video/mp4>"],
        ["uazapi/08-sticker.json"] = [$"Message sticker {Roman} \"\" <sticker image/webp>"],
        ["uazapi/09-location.json"] = [$"Message location {Roman} \"-8.05,-34.9\""],
        ["uazapi/11-list-response.json"] =
            [$"Message interactive {Roman} \"Fones\" -> 3EB00EB51811DEDC4195E4"],
        ["uazapi/12-reaction.json"] = [$"Notice reaction {Roman} \"❤️\" -> AC24A7E68360C7E9A54F64AB85FAECE2"],
        ["uazapi/13-text-edited.json"] = [$"Notice edit {Roman} \"Oi2\" -> AC98212CD4909DE6799E78D93A824A3F"],
        ["uazapi/15-group-text.json"] = ["Unknown group"],
        ["uazapi/16-connection-connected.json"] = ["Unknown connection"],
        ["uazapi/18-messages-update-delivered.json"] =
        [
            "Status delivered ACDBFDADC9802B7379B245CBBAA0A170", "Status delivered 3EB038719B72377701266F",
        ],
        ["uazapi/19-messages-update-read-strings.json"] = ["Status read ACDBFDADC9802B7379B245CBBAA0A170"],
        ["zapi/01-text.json"] = [$"Message text {Zoe} (name) \"teste\""],
        ["zapi/02-buttons-response.json"] =
            [$"Message interactive {Zoe} (Nome) \"Ótimo\" -> A20DA9C0183A2D35A260F53F5D2B9244"],
        ["zapi/03-list-response.json"] =
            [$"Message interactive {Zoe} (Nome) \"Z-API\" -> A20DA9C0183A2D35A260F53F5D2B9244"],
        ["zapi/05-audio-ptt.json"] = [$"Message audio {Zoe} (name) \"\" <audio audio/ogg voice once>"],
        ["zapi/06-video.json"] = [$"Message video {Zoe} (name) \"\" <video video/mp4 once>"],
        ["zapi/08-sticker.json"] = [$"Message sticker {Zoe} (name) \"\" <sticker image/webp>"],
        ["zapi/09-location.json"] = [$"Message location {Zoe} (name) \"-100.0,-100.0\""],
        ["zapi/11-reaction.json"] = [$"Notice reaction {Zoe} (name) \"❤️\" -> 3EB0796DC6B777C0C7CD"],
        ["zapi/12-poll-vote.json"] =
            [$"Message interactive {Zoe} (name) \"Z-API\" -> ID da mensagem de enquete que foi respondida"],
        ["zapi/13-text-from-ad.json"] = [$"Message text {Zoe} (name) \"mensagem recebida\" by ad"],
        ["zapi/15-status-reply.json"] = [$"Message text {Zoe} (name) \"teste\" -> 3EB054C12BAAC70228AAB6"],
        ["zapi/16-group-membership-request.json"] = ["Unknown group"],
        ["zapi/18-call-notification.json"] = [$"Notice call {Zoe} (name) \"\""],
        ["zapi/19-profile-name-updated.json"] = ["Unknown profile_name_updated"],
        ["zapi/21-status-received.json"] = ["Status delivered 999999999999999999999"],
        ["zapi/22-status-read.json"] = ["Status read 999999999999999999999"],
        ["zapi/23-status-read-by-me.json"] = [],
        ["zapi/25-delivery-callback.json"] = ["Status sent A20DA9C0183A2D35A260F53F5D2B9244"],
        ["zapi/26-disconnected.json"] = ["Unknown connection"],
        ["zapi/28-presence-composing.json"] = [],
    };

    public static TheoryData<string> Files => [.. GatewayPayloads.Files];

    [Fact]
    public void Table_Files_AreAllOfThem() =>
        Assert.Equal(GatewayPayloads.Files, Table.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_Fixture_BecomesTheseEvents(string file)
    {
        IReadOnlyList<WebhookItem> items = GatewayPayloads.Items(file);
        Assert.Equal(Table[file], items.Select(i => GatewayPayloads.Short(i.Event)));
        Assert.All(items, i =>
        {
            // The path says whose it is.
            Assert.Null(i.Address);
            Assert.Equal(GatewayPayloads.ReceivedAt, i.Event.ReceivedAt);
            Assert.True(i.Event.SentAt <= i.Event.ReceivedAt);
            string raw = i.Event.Raw ?? "";
            Assert.DoesNotContain("9j/4AAQ", raw, StringComparison.Ordinal);
            Assert.DoesNotContain("REDACTED\"", raw, StringComparison.Ordinal);
            Assert.DoesNotContain("mediaKey\"", raw, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("evolution/02-text.json", 1746132673000)]
    [InlineData("uazapi/01-text.json", 1770146178000)]
    [InlineData("uazapi/18-messages-update-delivered.json", 1785820620000)]
    [InlineData("uazapi/19-messages-update-read-strings.json", 1785820620000)]
    [InlineData("zapi/01-text.json", 1632228638000)]
    [InlineData("zapi/26-disconnected.json", 1580163342000)]
    public void Read_Time_IsTheGatewaysOwnInWhateverUnit(string file, long milliseconds) => Assert.Equal(
        milliseconds, GatewayPayloads.Items(file)[0].Event.SentAt.ToUnixTimeMilliseconds());

    [Theory]
    [InlineData("evolution/03-image-base64.json", "3EB083096BF5E4096E4137", 52046L)]
    [InlineData("uazapi/06-video.json", "ACAC14245367A932CD6EF160D898A1C2", 1183945L)]
    [InlineData("zapi/06-video.json", "https://", null)]
    public void Read_File_IsKnownByWhatFetchesIt(string file, string reference, long? size)
    {
        InboundMedia media = GatewayPayloads.Items(file)[0].Event.Media!;
        Assert.Equal((reference, size), (media.Reference, media.Size));
    }

    [Theory]
    [InlineData("zapi/02-buttons-response.json", "choice.id=1")]
    [InlineData("zapi/03-list-response.json", "choice.id=1|choice.description=Z-API Asas para sua imaginação")]
    [InlineData("uazapi/11-list-response.json", "choice.id=fones|choice.description=Bluetooth e com fio")]
    [InlineData("zapi/15-status-reply.json", "story.reply=yes")]
    [InlineData("evolution/09-audio-ptt-base64.json", "voice=yes")]
    public void Read_Details_SayWhatTheTextDoesNot(string file, string details) => Assert.Equal(
        details,
        string.Join('|', GatewayPayloads.Items(file)[0].Event.Details!.Select(d => $"{d.Name}={d.Value}")));

    [Fact]
    public void Read_Ad_IsKept()
    {
        IReadOnlyList<MessageDetail> details = GatewayPayloads.Items("zapi/13-text-from-ad.json")[0].Event.Details!;
        Assert.Equal(
            ["ad.headline", "ad.body", "ad.type", "ad.id", "ad.url", "ad.click"], details.Select(d => d.Name));
        Assert.Equal("23722824350495506", details[3].Value);
    }
}
