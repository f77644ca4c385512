using System.Text;
using Vellarys.Channels.Media;
using Xunit;

namespace Vellarys.Tests.Channels.Media;

public sealed class MediaContentTests
{
    [Theory]
    [InlineData("image", "FFD8FFE000104A464946", "image/jpeg")]
    [InlineData("image", "89504E470D0A1A0A", "image/png")]
    [InlineData("sticker", "524946460000000057454250", "image/webp")]
    [InlineData("audio", "4F67675300020000", "audio/ogg")]
    [InlineData("audio", "0000001866747970" + "6D703432", "audio/mp4")]
    [InlineData("audio", "2321414D520A", "audio/amr")]
    [InlineData("video", "0000001866747970" + "69736F6D", "video/mp4")]
    [InlineData("document", "255044462D312E37", "application/pdf")]
    public void Accept_ByContent_IsWhatItShows(string kind, string hex, string type) =>
        Assert.Equal(type, MediaContent.Accept(kind, "application/x-lie", Convert.FromHexString(hex)));

    [Theory]
    [InlineData("image", "<html><script>alert(1)</script>")]
    [InlineData("image", "%PDF-1.7")]
    [InlineData("sticker", "GIF-like text")]
    [InlineData("audio", "MZ is how programs begin, and text too")]
    [InlineData("document", "<!DOCTYPE html><body onload=x>")]
    [InlineData("document", " \r\n<svg xmlns='x' onload='y'>")]
    [InlineData("document", "<?xml version='1.0'?><svg xmlns='x'>")]
    [InlineData("document", "#!/bin/sh\nrm -rf /")]
    [InlineData("document", "MZ\u0001\u0000\u0003")]
    [InlineData("document", "\u007fELF\u0002\u0001")]
    public void Accept_WhatWouldRunOrIsNoSuchKind_IsRefused(string kind, string content) =>
        Assert.Null(MediaContent.Accept(kind, "image/png", Encoding.Latin1.GetBytes(content)));

    [Theory]
    [InlineData("PK\u0003\u0004....", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", null)]
    [InlineData("PK\u0003\u0004....", "text/html", "application/zip")]
    [InlineData("a;b;c\n1;2;3", "text/csv", null)]
    [InlineData("a;b;c\n1;2;3", "image/svg+xml", "text/plain")]
    [InlineData("<?xml version=\"1.0\"?><nfeProc versao=\"4.00\">", "text/xml", "application/xml")]
    [InlineData("\u0001\u0002\u0003", "application/x-msdownload", "application/octet-stream")]
    public void Accept_Document_BelievesTheSenderOnlyInWhatIsHarmless(string content, string stated, string? type) =>
        Assert.Equal(type ?? stated, MediaContent.Accept("document", stated, Encoding.Latin1.GetBytes(content)));

    [Theory]
    [InlineData("fatura.pdf", false)]
    [InlineData("fatura.pdf.EXE", true)]
    [InlineData("fatura.lnk ", true)]
    [InlineData("app.apk.", true)]
    [InlineData("js", false)]
    [InlineData("planilha.xlsm", true)]
    [InlineData(null, false)]
    public void Name_OfWhatAComputerRuns_IsKnown(string? given, bool isProgram) =>
        Assert.Equal(isProgram, MediaName.IsProgram(given));

    [Fact]
    public void Name_CutWhereItIsSaved_IsKnownByWhatIsLeft() =>
        Assert.True(MediaName.IsProgram(new string('x', MediaName.MaxLength - 4) + ".bat.txt"));

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\temp\nota fiscal.pdf", "nota fiscal.pdf")]
    [InlineData("a\r\nSet-Cookie: x.pdf", "a__Set-Cookie_ x.pdf")]
    [InlineData("orçamento (2).pdf", "orçamento (2).pdf")]
    [InlineData("...", "document.pdf")]
    [InlineData(null, "document.pdf")]
    public void Name_OfAStranger_IsAPlainOne(string? given, string shown) =>
        Assert.Equal(shown, MediaName.Of(given, "document", "application/pdf"));
}
