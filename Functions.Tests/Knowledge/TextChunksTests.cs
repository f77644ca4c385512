using Vellarys.Knowledge;
using Xunit;

namespace Vellarys.Tests.Knowledge;

public sealed class TextChunksTests
{
    [Fact]
    public void Of_ShortText_IsOnePiece() => Assert.Equal(["Abrimos às 9h."], TextChunks.Of("  Abrimos às 9h.\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    public void Of_Nothing_IsNoPiece(string text) => Assert.Empty(TextChunks.Of(text));

    [Fact]
    public void Of_Paragraphs_AreKeptWhole()
    {
        string[] paragraphs =
            [.. Enumerable.Range(1, 6).Select(i => string.Join(' ', Enumerable.Repeat($"Parte {i} diz algo.", 15)))];
        IReadOnlyList<string> chunks = TextChunks.Of(string.Join("\n\n", paragraphs));
        Assert.Equal(paragraphs.Chunk(2).Select(p => string.Join("\n\n", p)), chunks);
    }

    [Fact]
    public void Of_LongParagraph_EndsAtSentences()
    {
        string text = string.Concat(Enumerable.Repeat("Uma frase comum de tamanho médio. ", 100));
        IReadOnlyList<string> chunks = TextChunks.Of(text);
        Assert.All(chunks, c => Assert.EndsWith("médio.", c, StringComparison.Ordinal));
        Assert.All(chunks, c => Assert.InRange(c.Length, 30, TextChunks.Target));
    }

    // Whatever the text: nothing is lost, nothing is too long, no pair of surrogates is cut.
    [Fact]
    public void Of_RandomText_LosesNothing()
    {
        Random random = new(7);
        string[] parts = ["palavra", " ", "\n\n", ". ", "ção", "🙂", "x", "; ", new string('y', 900), "\n", "? "];
        for (int round = 0; round < 300; round++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(1, 400)).Select(_ => parts[random.Next(parts.Length)]));
            IReadOnlyList<string> chunks = TextChunks.Of(text);
            Assert.Equal(Solid(text), Solid(string.Concat(chunks)));
            Assert.All(chunks, c => Assert.InRange(c.Length, 1, TextChunks.Target));
            Assert.All(chunks, c => Assert.False(char.IsLowSurrogate(c[0]) || char.IsHighSurrogate(c[^1])));
        }
    }

    private static string Solid(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
