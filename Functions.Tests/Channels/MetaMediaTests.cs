using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>The files that messages name, and what else comes beside their text.</summary>
public sealed class MetaMediaTests
{
    private const string Head = """ "id":"wamid.1","from":"5511987654321","timestamp":"1760000000" """;

    [Theory]
    [InlineData("02-image-with-url.json", "image", "image/jpeg", null, false)]
    [InlineData("03-voice.json", "audio", "audio/ogg", null, true)]
    [InlineData("05-document.json", "document", "application/pdf", "filename.pdf", false)]
    [InlineData("06-sticker.json", "sticker", "image/webp", null, false)]
    public void Read_Fixture_NamesItsFile(string file, string kind, string mime, string? name, bool isVoice)
    {
        InboundMedia media = Assert.Single(Payloads.Items(Payloads.Read(file))).Event.Media!;
        Assert.Equal((kind, mime, name, isVoice), (media.Kind, media.MimeType, media.FileName, media.IsVoice));
        Assert.NotEmpty(media.Reference);
    }

    [Theory]
    [InlineData("""{"type":"video","video":{"id":77,"mime_type":"VIDEO/MP4; codecs=x","view_once":true}}""", "77")]
    [InlineData("""{"type":"image","image":{"caption":"olha"}}""", null)]
    [InlineData("""{"type":"image","image":{"id":""}}""", null)]
    [InlineData("""{"type":"image","image":{"id":{}}}""", null)]
    [InlineData("""{"type":"text","text":{"body":"oi"},"image":{"id":"7"}}""", null)]
    [InlineData("""{"type":"image","image":{"id":"7"},"group_id":"g"}""", null)]
    [InlineData(
        """{"type":"edit","edit":{"original_message_id":"x","message":{"type":"image","image":{"id":"7"}}}}""", null)]
    public void Read_File_IsKnownByItsId(string part, string? id)
    {
        InboundMedia? media = Message(part).Media;
        Assert.Equal(id, media?.Reference);
        if (media is not null) Assert.Equal(("video/mp4", true), (media.MimeType, media.IsViewOnce));
    }

    [Fact]
    public void Read_Echo_NamesItsFileToo()
    {
        const string echo = """{"id":"w","from":"1555","to":"5511987654321","type":"image","image":{"id":"9"}}""";
        string body = Payloads.WithValue(
            $$"""{"metadata":{"phone_number_id":"1"},"message_echoes":[{{echo}}]}""", "smb_message_echoes");
        Assert.Equal("9", Payloads.Single(body).Media?.Reference);
    }

    [Theory]
    [InlineData("../../etc/passwd", "../../etc/passwd")]
    [InlineData("  ", null)]
    public void Read_FileName_StaysAsTheSenderNamedIt(string name, string? expected) => Assert.Equal(
        expected,
        Message($$$"""{"type":"document","document":{"id":"7","filename":"{{{name}}}"}}""").Media!.FileName);

    [Theory]
    [InlineData(
        """{"type":"text","text":{"body":"oi"},"identity":{"acknowledged":true,"hash":"H1="}}""", "identity.hash=H1=")]
    [InlineData(
        """
        {"type":"text","text":{"body":"oi"},
         "referral":{"media_type":"image","image_url":"https://x.example/1.jpg","ctwa_clid":"AR1"}}
        """,
        "ad.click=AR1|ad.media=image|ad.media.url=https://x.example/1.jpg")]
    public void Read_WhatComesBesideTheText_IsNamed(string part, string expected) => Assert.Equal(
        expected, string.Join('|', Message(part).Details!.Select(d => $"{d.Name}={d.Value}")));

    [Fact]
    public void Read_IdentityHashOfTheProfile_IsNamed()
    {
        string body = Payloads.WithMessage(
            """{"id":"w","from":"5511987654321","type":"text","text":{"body":"oi"}}""",
            """[{"wa_id":"5511987654321","identity_key_hash":"H2="}]""");
        Assert.Equal(new MessageDetail("identity.hash", "H2="), Assert.Single(Payloads.Single(body).Details!));
    }

    private static InboundEvent Message(string part) =>
        Payloads.Single(Payloads.WithMessage($"{{{Head},{part[1..]}"));
}
