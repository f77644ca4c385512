using System.Text;
using Vellarys.Channels;
using Vellarys.Channels.Evolution;
using Xunit;

namespace Vellarys.Tests.Channels.Gateways;

/// <summary>Every kind of message that the gateways pass on, recorded or not.</summary>
public sealed class GatewayContentTests
{
    private const string Ana = "5511987650001 [phone:5511987650001] (Ana)";

    [Theory]
    [InlineData("extendedTextMessage", """{"extendedTextMessage":{"text":"oi"}}""", "text", "oi")]
    [InlineData(null, """{"messageContextInfo":{},"conversation":"oi"}""", "text", "oi")]
    [InlineData("unknown", """{"senderKeyDistributionMessage":{"groupId":"x"},"conversation":"oi"}""", "text", "oi")]
    [InlineData("ephemeralMessage", """{"ephemeralMessage":{"message":{"conversation":"oi"}}}""", "text", "oi")]
    [InlineData("buttonsResponseMessage",
        """{"buttonsResponseMessage":{"selectedButtonId":"b1","selectedDisplayText":"Sim"}}""", "interactive", "Sim")]
    [InlineData("listResponseMessage",
        """{"listResponseMessage":{"title":"Boleto","singleSelectReply":{"selectedRowId":"r1"}}}""", "interactive",
        "Boleto")]
    [InlineData("templateButtonReplyMessage",
        """{"templateButtonReplyMessage":{"selectedId":"t1","selectedDisplayText":"Quero"}}""", "button", "Quero")]
    [InlineData("interactiveResponseMessage",
        """
        {"interactiveResponseMessage":{"body":{"text":"Enviado"},"nativeFlowResponseMessage":{"name":"flow",
        "paramsJson":"{\"nome\":\"Ana\"}"}}}
        """, "interactive", "Enviado")]
    [InlineData("interactiveResponseMessage",
        """
        {"interactiveResponseMessage":{"nativeFlowResponseMessage":{"name":"quick_reply",
        "paramsJson":"{\"id\":\"q1\",\"display_text\":\"Sim\"}"}}}
        """, "interactive", "Sim")]
    [InlineData("locationMessage",
        """{"locationMessage":{"degreesLatitude":-23.5,"degreesLongitude":-46.6,"name":"Loja"}}""", "location",
        "-23.5,-46.6 Loja")]
    [InlineData("liveLocationMessage", """{"liveLocationMessage":{"degreesLatitude":1,"degreesLongitude":2}}""",
        "location", "1,2")]
    [InlineData("contactMessage", """{"contactMessage":{"displayName":"Bia","vcard":"BEGIN:VCARD"}}""", "contacts",
        "Bia")]
    [InlineData("contactsArrayMessage",
        """{"contactsArrayMessage":{"contacts":[{"displayName":"Bia"},{"vcard":"FN:Caio"}]}}""", "contacts",
        "Bia, Caio")]
    [InlineData("pollUpdateMessage",
        """
        {"pollUpdateMessage":{"pollCreationMessageKey":{"id":"P1"},"vote":{"selectedOptions":["Sol","Lua"]}}}
        """, "interactive", "Sol, Lua")]
    [InlineData("pollCreationMessageV3",
        """{"pollCreationMessageV3":{"name":"Qual?","options":[{"optionName":"Sol"}]}}""", "poll", "Qual?")]
    [InlineData("orderMessage", """{"orderMessage":{"orderTitle":"Pedido","itemCount":2}}""", "order", "Pedido")]
    [InlineData("productMessage", """{"productMessage":{"product":{"title":"Fone"}}}""", "order", "Fone")]
    [InlineData("listMessage", """{"listMessage":{"description":"Escolha"}}""", "text", "Escolha")]
    [InlineData("templateMessage",
        """{"templateMessage":{"hydratedTemplate":{"hydratedContentText":"Olá"}}}""", "text", "Olá")]
    [InlineData("groupInviteMessage", """{"groupInviteMessage":{"groupName":"Turma"}}""", "group_invite", "Turma")]
    [InlineData("somethingNewMessage", """{"somethingNewMessage":{"a":1}}""", "unsupported", "")]
    public void Message_OfAKind_IsWhatAPersonWouldSay(string? named, string message, string type, string text)
    {
        InboundEvent read = GatewayPayloads.Single("evolution", Upsert(named, message));
        Assert.Equal((InboundKind.Message, type, text), (read.Kind, read.Type, read.Text));
        Assert.Equal("5511987650001", read.Address);
    }

    [Theory]
    [InlineData("""{"viewOnceMessageV2":{"message":{"imageMessage":{"mimetype":"image/jpeg","caption":"foto"}}}}""",
        "image \"foto\" <image image/jpeg once>")]
    [InlineData("""{"ephemeralMessage":{"message":{"viewOnceMessage":{"message":{"videoMessage":{}}}}}}""",
        "video \"\" <video  once>")]
    [InlineData("""
        {"documentWithCaptionMessage":{"message":{"documentMessage":{"fileName":"a.pdf","mimetype":"application/pdf",
        "caption":"veja"}}}}
        """, "document \"veja\" <document application/pdf>")]
    [InlineData("""{"ptvMessage":{"mimetype":"video/mp4"}}""", "video \"\" <video video/mp4>")]
    [InlineData("""{"stickerMessage":{"mimetype":"image/webp","isAnimated":true}}""",
        "sticker \"\" <sticker image/webp>")]
    public void File_InWhateverWrapper_IsFoundAndNeverKept(string message, string expected)
    {
        InboundEvent read = GatewayPayloads.Single("evolution", Upsert(null, message));
        Assert.Equal($"Message {expected.Replace(" \"", $" {Ana} \"", StringComparison.Ordinal)}",
            GatewayPayloads.Short(read));
    }

    [Fact]
    public void StoredFile_HasASecondWay() => Assert.Equal(
        "A1 https://s3.example.com/x?sig=1",
        GatewayPayloads.Single("evolution", Upsert(
            "imageMessage", """{"imageMessage":{},"mediaUrl":"https://s3.example.com/x?sig=1"}""")).Media!.Reference);

    [Fact]
    public void LongNumbersAndBytes_InWhateverShape_AreRead() => Assert.Equal(
        4_294_967_298L,
        GatewayPayloads.Single("evolution", Upsert(
            "documentMessage", """
            {"documentMessage":{"fileLength":{"low":2,"high":1,"unsigned":true},"mediaKey":{"0":1,"1":2}}}
            """)).Media!.Size);

    [Theory]
    [InlineData("""{"reactionMessage":{"key":{"id":"R1"},"text":""}}""", "Notice reaction", "R1")]
    [InlineData("""{"protocolMessage":{"key":{"id":"R1"},"type":"REVOKE"}}""", "Notice revoke", "R1")]
    [InlineData("""{"protocolMessage":{"key":{"id":"R1"},"type":0}}""", "Notice revoke", "R1")]
    [InlineData("""
        {"editedMessage":{"message":{"protocolMessage":{"key":{"id":"R1"},"type":14,
        "editedMessage":{"conversation":"novo"}}}}}
        """, "Notice edit", "R1")]
    [InlineData("""{"protocolMessage":{"type":"EPHEMERAL_SETTING","ephemeralExpiration":86400}}""", "Unknown protocol",
        null)]
    [InlineData("""{"messageContextInfo":{}}""", "Unknown no_content", null)]
    [InlineData("""{"albumMessage":{"expectedImageCount":2}}""", "Unknown album", null)]
    public void WhatWantsNoAnswer_IsANoticeOrLeftAside(string message, string expected, string? about)
    {
        InboundEvent read = GatewayPayloads.Single("evolution", Upsert(null, message));
        Assert.Equal((expected, about), ($"{read.Kind} {read.Type}", read.RefersTo));
    }

    [Theory]
    [InlineData("120363000000000001@g.us", "group")]
    [InlineData("120363000000000001@newsletter", "newsletter")]
    [InlineData("status@broadcast", "story")]
    [InlineData("1774895799@broadcast", "broadcast")]
    public void WhatIsNotSaidToTheCompany_IsKeptAsideWithItsReason(string chat, string reason)
    {
        InboundEvent read = GatewayPayloads.Single("evolution", Upsert(null, """{"conversation":"oi"}""", chat));
        Assert.Equal((InboundKind.Unknown, reason, ""), (read.Kind, read.Type, read.Text));
        Assert.Empty(read.Identities);
        string zapi = chat.Replace("@g.us", "-group", StringComparison.Ordinal);
        Assert.Equal(reason, GatewayPayloads.Single("zapi", $$"""
            {"type":"ReceivedCallback","messageId":"1","phone":"{{zapi}}","text":{"message":"oi"} }
            """).Type);
    }

    [Theory]
    [InlineData("76000000000006:12@lid", null, "76000000000006@lid", "lid:76000000000006")]
    [InlineData("76000000000006@lid", "5511987650001:3@s.whatsapp.net", "5511987650001",
        "phone:5511987650001 lid:76000000000006")]
    [InlineData("5511987650001@s.whatsapp.net", "76000000000006@lid", "5511987650001",
        "phone:5511987650001 lid:76000000000006")]
    public void StandIn_IsNeverTakenForANumber(string chat, string? other, string address, string identities)
    {
        InboundEvent read = GatewayPayloads.Single("evolution", Upsert(null, """{"conversation":"oi"}""", chat, other));
        Assert.Equal(address, read.Address);
        Assert.Equal(identities, string.Join(' ', read.Identities.Select(i => $"{i.Kind}:{i.Value}")));
        Assert.Equal("A1", read.EventId);
    }

    [Theory]
    [InlineData("PENDING", null)]
    [InlineData("SERVER_ACK", "sent")]
    [InlineData("DELIVERY_ACK", "delivered")]
    [InlineData("READ", "read")]
    [InlineData("PLAYED", "played")]
    [InlineData("ERROR", "failed")]
    [InlineData("DELETED", null)]
    public void State_IsOneOfOurs(string word, string? state)
    {
        string body = $$"""
            {"event":"MESSAGES_UPDATE","data":{"keyId":"K","remoteJid":"1@lid","fromMe":true,"status":"{{word}}"} }
            """;
        Assert.Equal(
            state is null ? [] : [state],
            GatewayPayloads.Items("evolution", Encoding.UTF8.GetBytes(body)).Select(i => i.Event.Status!.State));
    }

    [Fact]
    public void Edit_ToldTwice_IsOneEvent()
    {
        const string notice = """
            {"event":"messages.edited","sender":"551130000000@s.whatsapp.net","data":{"type":"MESSAGE_EDIT",
            "key":{"remoteJid":"551130000000@s.whatsapp.net","fromMe":true,"id":"A1"},"timestampMs":"1769000000000",
            "editedMessage":{"conversation":"novo"}}}
            """;
        const string update = """
            {"event":"messages.update","data":{"keyId":"A1","remoteJid":"5511987650001@s.whatsapp.net","fromMe":false,
            "status":"SERVER_ACK","message":{"editedMessage":{"message":{"conversation":"novo"}}}}}
            """;
        InboundEvent first = EvolutionWebhook.Read(
            Encoding.UTF8.GetBytes(notice), GatewayPayloads.ReceivedAt, _ => "5511987650001").Items[0].Event;
        InboundEvent second = GatewayPayloads.Single("evolution", update);
        Assert.Equal(
            ("Notice edit 5511987650001 [phone:5511987650001] () \"novo\" -> A1", first.EventId),
            (GatewayPayloads.Short(second), second.EventId));
        // Nobody knows who wrote it: the chat of the notice is our own.
        Assert.Equal("Unknown edit", GatewayPayloads.Short(GatewayPayloads.Single("evolution", notice)));
    }

    [Theory]
    [InlineData("evolution", """
        {"event":"call","data":[{"id":"C1","from":"5511987650001@s.whatsapp.net","status":"offer","isGroup":false}]}
        """)]
    [InlineData("uazapi", """
        {"EventType":"call","event":{"From":"5511987650001@s.whatsapp.net","CallID":"C1"}}
        """)]
    [InlineData("zapi", """
        {"type":"ReceivedCallback","phone":"5511987650001","messageId":"1-2","notification":"CALL_MISSED_VOICE",
        "callId":"C1"}
        """)]
    public void Call_IsOneNotice(string gateway, string body)
    {
        InboundEvent read = GatewayPayloads.Single(gateway, body);
        Assert.Equal((InboundKind.Notice, "call", "call:C1"), (read.Kind, read.Type, read.EventId));
    }

    [Theory]
    [InlineData("\"wasSentByApi\":true", "")]
    [InlineData("""
        "wasSentByApi":true,"track_source":"vellarys","track_id":"0197a000-0000-7000-8000-000000000001"
        """,
        "Status sent M1")]
    [InlineData("\"wasSentByApi\":false", "Echo text 5511987650001 [phone:5511987650001] () \"oi\"")]
    public void OwnMessage_IsAnEchoOnlyWhereAPersonTypedIt(string how, string expected)
    {
        string body = $$"""
            {"EventType":"messages","owner":"551130000000","message":{"messageid":"M1","fromMe":true,{{how}},
            "chatid":"5511987650001@s.whatsapp.net","sender_pn":"551130000000@s.whatsapp.net",
            "messageType":"Conversation","content":"oi","text":"oi"} }
            """;
        IReadOnlyList<WebhookItem> items = GatewayPayloads.Items("uazapi", Encoding.UTF8.GetBytes(body));
        Assert.Equal(expected, string.Join('|', items.Select(i => GatewayPayloads.Short(i.Event))));
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    public void ZApi_OwnMessage_IsAnEchoOnlyWhereAPersonTypedIt(string fromApi, int echoes)
    {
        string body = $$"""
            {"type":"ReceivedCallback","messageId":"M1","phone":"5511987650001","connectedPhone":"551130000000",
            "fromMe":true,"fromApi":{{fromApi}},"text":{"message":"oi"} }
            """;
        Assert.Equal(echoes, GatewayPayloads.Items("zapi", Encoding.UTF8.GetBytes(body))
            .Count(i => i.Event.Kind == InboundKind.Echo));
    }

    [Theory]
    [InlineData("DocumentMessage", "document", """{"fileName":"a.pdf","mimetype":"application/pdf","fileLength":5}""",
        "", "Message document", "")]
    [InlineData("ImageMessage", "image", """{"mimetype":"image/jpeg","caption":"c"}""", "c", "Message image", "c")]
    [InlineData("ContactMessage", "vcard",
        """{"displayName":"Bia","vcard":"BEGIN:VCARD\nTEL;waid=55:+55 1\nEND:VCARD"}""",
        "Bia\nPhone: +55 1", "Message contacts", "Bia")]
    [InlineData("PollUpdateMessage", "", """{"vote":{"encPayload":"x"}}""", "", "Message interactive", "Sol")]
    [InlineData("PollCreationMessageV3", "",
        """{"messageContextInfo":{},"pollCreationMessageV3":{"name":"Qual?","options":[{"optionName":"Sol"}]}}""",
        "Qual?", "Message poll", "Qual?")]
    [InlineData("ButtonsResponseMessage", "buttons_response", """{"selectedButtonID":"b1"}""", "",
        "Message interactive", "Sol")]
    [InlineData("SomethingNew", "", """{}""", "", "Message interactive", "Sol")]
    public void Uazapi_Kind_IsRead(
        string type, string media, string content, string text, string expected, string said)
    {
        string vote = expected == "Message interactive" ? "Sol" : "";
        InboundEvent read = GatewayPayloads.Single("uazapi", $$"""
            {"EventType":"messages","message":{"messageid":"M1","chatid":"5511987650001@s.whatsapp.net",
            "messageType":"{{type}}","mediaType":"{{media}}","content":{{content}},"vote":"{{vote}}",
            "text":{{System.Text.Json.JsonSerializer.Serialize(text)}},"quoted":"","reaction":"","edited":""} }
            """);
        Assert.Equal((expected, said), ($"{read.Kind} {read.Type}", read.Text));
    }

    [Theory]
    [InlineData("\"image\":{\"imageUrl\":\"https://f/x\",\"caption\":\"c\"}", "Message image", "c")]
    [InlineData("\"document\":{\"documentUrl\":\"https://f/x\",\"fileName\":\"a.pdf\"}", "Message document", "")]
    [InlineData("\"contact\":{\"displayName\":\"Bia\",\"vCard\":\"\",\"phones\":[\"55\"]}", "Message contacts", "Bia")]
    [InlineData("\"hydratedTemplate\":{\"header\":{},\"message\":\"Olá\"}", "Message text", "Olá")]
    [InlineData("""
        "order":{"orderTitle":"Pedido","products":[{"name":"Fone","quantity":1,"price":2000}]}
        """, "Message order", "Pedido")]
    [InlineData("\"product\":{\"title\":\"Fone\",\"productId\":\"9\"}", "Message order", "Fone")]
    [InlineData("\"poll\":{\"question\":\"Qual?\",\"options\":[{\"name\":\"Sol\"}]}", "Message poll", "Qual?")]
    [InlineData("\"pixKeyMessage\":{\"key\":\"k\",\"keyType\":\"EVP\"}", "Message payment", "k")]
    [InlineData("\"pinMessage\":{\"action\":\"pin\",\"referencedMessage\":{\"messageId\":\"R\"}}", "Notice pin", "")]
    [InlineData("\"somethingNew\":{\"a\":1}", "Message unsupported", "")]
    [InlineData("\"waitingMessage\":true", "Unknown waiting", "")]
    [InlineData("\"notification\":\"REVOKE\"", "Notice revoke", "")]
    [InlineData("\"notification\":\"E2E_ENCRYPTED\"", "Unknown e2e_encrypted", "")]
    [InlineData("\"isEdit\":true,\"text\":{\"message\":\"novo\"}", "Notice edit", "novo")]
    public void ZApi_Kind_IsRead(string content, string expected, string said)
    {
        InboundEvent read = GatewayPayloads.Single("zapi", $$"""
            {"type":"ReceivedCallBack","messageId":"M1","phone":"5511987650001","momment":1760000000000,{{content}}}
            """);
        Assert.Equal((expected, said), ($"{read.Kind} {read.Type}", read.Text));
        // Whatever happens to a message must not be taken for a second copy of it.
        if (read.Kind != InboundKind.Message && read.Type is "edit" or "revoke" or "waiting")
            Assert.NotEqual("M1", read.EventId);
    }

    [Fact]
    public void ZApi_FailedHandOver_SaysWhyWithoutTheNumber()
    {
        StatusReport status = GatewayPayloads.Single("zapi", """
            {"type":"DeliveryCallback","messageId":"M1","phone":"5511987650001","error":"Phone number does not exist"}
            """).Status!;
        Assert.Equal(("failed", "not_on_whatsapp"), (status.State, status.ErrorCode));
        Assert.Equal("timeout_on_send", GatewayPayloads.Single("zapi", """
            {"type":"DeliveryCallback","messageId":"M1","error":"Timeout on send 5511987650001"}
            """).Status!.ErrorCode);
    }

    private static string Upsert(
        string? named, string message, string chat = "5511987650001@s.whatsapp.net", string? other = null) => $$"""
        {"event":"messages.upsert","instance":"i","sender":"551130000000@s.whatsapp.net","data":{
        "key":{"remoteJid":"{{chat}}","remoteJidAlt":{{(other is null ? "null" : $"\"{other}\"")}},"fromMe":false,
        "id":"A1"},"pushName":"Ana","message":{{message}},
        "messageType":{{(named is null ? "null" : $"\"{named}\"")}},"messageTimestamp":1760000000} }
        """;
}
