using System.Text;
using System.Text.Json;
using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("""  "plain"  """, "plain")]
    [InlineData("""  "ol\u00e1 \uD83D\uDE00"  """, "olá 😀")]
    [InlineData("""  "olá 😀"  """, "olá 😀")]
    [InlineData("""  "\"\\\/\b\f\n\r\t"  """, "\"\\/\b\f\n\r\t")]
    [InlineData("""  "a\u0000b"  """, "a\uFFFDb")]
    [InlineData("""  "\uD83D"  """, "\uFFFD")]
    [InlineData("""  "\uDE00\uD83D"  """, "\uFFFD\uFFFD")]
    [InlineData("""  "\uD83Dx\uDE00"  """, "\uFFFDx\uFFFD")]
    [InlineData("""  "\uD83D\uD83D\uDE00"  """, "\uFFFD😀")]
    [InlineData("""  "a\uFFFEb\uffffc\ufdd0"  """, "a\uFFFDb\uFFFDc\uFFFD")]
    [InlineData("""  "a\uD83F\uDFFEb\uDBFF\uDFFF"  """, "a\uFFFD\uFFFDb\uFFFD\uFFFD")]
    [InlineData("""  ""  """, "")]
    public void Read_AnyString_IsFitForTheDatabase(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(expected, JsonText.Read(document.RootElement, 100, out bool isCut));
        Assert.False(isCut);
    }

    [Theory]
    [InlineData("abcd", 4, "abcd", false)]
    [InlineData("abcde", 4, "abcd", true)]
    [InlineData("abc😀", 4, "abc", true)]
    [InlineData("ab😀c", 4, "ab😀", true)]
    public void Read_LongString_IsCutBetweenCharacters(string text, int max, string expected, bool cut)
    {
        using JsonDocument document = JsonDocument.Parse(JsonSerializer.Serialize(text));
        Assert.Equal(expected, JsonText.Read(document.RootElement, max, out bool isCut));
        Assert.Equal(cut, isCut);
    }

    [Fact]
    public void TryGet_RepeatedEscapedAndBrokenNames_FindsTheLastThatFits()
    {
        const string json = """{"\ud800":0,"from":1,"fr\u006Fm":2,"\u0000from":3,"fromm":4,"\udc00from":5}""";
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.True(document.RootElement.TryGet("from"u8, out JsonElement value));
        Assert.Equal(2, value.GetInt32());
    }

    [Fact]
    public void Raw_Element_IsWhatTheProviderWrote()
    {
        const string item = """{ "a" : "\u00e1\ud800", "a":1e400 }""";
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes($"[{item}]"));
        Assert.Equal(item, document.RootElement[0].Raw());
    }
}
