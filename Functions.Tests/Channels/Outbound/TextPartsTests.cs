using System.Globalization;
using System.Text;
using Vellarys.Channels.Outbound;
using Xunit;

namespace Vellarys.Tests.Channels.Outbound;

public sealed class TextPartsTests
{
    private static readonly string[] Pieces =
    [
        "Olá", "tudo bem", "a", "R$ 2.490,00", "ação", "😀", "👨‍👩‍👧‍👦", "🇧🇷", "e\u0301",
        "https://loja.example/p?id=1.2!&x=ok.",
        "www.loja.example/promo.",
        "您好。", "**negrito**", ".", "!", "?", "…", "fim.)", "\n", "\n\n", "\r\n", " ", "   ",
        "- item", "1.", "palavracomprida" + "xyz", ";", "“citação.”", "\ud800", "\t",
    ];

    [Theory]
    [InlineData("curto", 10, "curto")]
    [InlineData("", 10, "")]
    [InlineData("Um dois. Tres quatro cinco.", 12, "Um dois.|Tres quatro|cinco.")]
    [InlineData("Um dois.\nTres. Quatro", 14, "Um dois.\nTres.|Quatro")]
    [InlineData("linha um\nlinha dois", 12, "linha um|linha dois")]
    [InlineData("aaaa bbbb cccc", 9, "aaaa bbbb|cccc")]
    [InlineData("aaaaaaaaaa", 4, "aaaa|aaaa|aa")]
    [InlineData("Veja https://a.example/b.c?d agora", 14, "Veja|https://a.exam|ple/b.c?d|agora")]
    [InlineData("Veja ja https://a.example/b.c", 26, "Veja ja|https://a.example/b.c")]
    [InlineData("xxxxhttps://a.example/b", 20, "xxxx|https://a.example/b")]
    [InlineData("um\n\n  recuado fica", 6, "um|  recu|ado|fica")]
    [InlineData("您好。谢谢您。再见", 4, "您好。|谢谢您。|再见")]
    [InlineData("a😀😀😀", 4, "a😀|😀😀")]
    public void Split_Text_EndsWhereAPersonWouldEndIt(string text, int max, string expected) =>
        Assert.Equal(expected.Split('|'), TextParts.Split(text, max));

    [Fact]
    public void Split_WhatAModelWrites_EndsEachPartAtTheEndOfASentence()
    {
        string sentence = "O sofá Brisa tem três lugares e custa R$ 2.490,00 à vista; o frete é por nossa conta. ";
        string text = string.Concat(Enumerable.Repeat(sentence, 150)).TrimEnd();
        IReadOnlyList<string> parts = TextParts.Split(text, 4_096);
        Assert.Equal(4, parts.Count);
        Assert.All(parts, part => Assert.EndsWith("conta.", part, StringComparison.Ordinal));
        Assert.Equal(text, string.Join(' ', parts));
    }

    [Fact]
    public void Split_AnyText_LosesNothingAndBreaksNothing()
    {
        var random = new Random(20261201);
        for (int round = 0; round < 4_000; round++)
        {
            var built = new StringBuilder();
            for (int i = random.Next(1, 120); i > 0; i--)
            {
                built.Append(Pieces[random.Next(Pieces.Length)]);
                if (random.Next(3) > 0) built.Append(' ');
            }

            string text = built.ToString();
            int max = random.Next(40, 120);
            IReadOnlyList<string> parts = TextParts.Split(text, max);
            if (text.Length > max) Assert.All(parts, part => Assert.False(string.IsNullOrWhiteSpace(part)));
            Assert.All(parts, part => Assert.InRange(part.Length, 0, max));
            Assert.Equal(WithoutBlanks(text), WithoutBlanks(string.Concat(parts)));
            AssertWhole(text, parts);
        }
    }

    private static string WithoutBlanks(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>Each part is cut out of the text at the bounds of what is seen as one, not inside an address.</summary>
    private static void AssertWhole(string text, IReadOnlyList<string> parts)
    {
        HashSet<int> bounds = [.. StringInfo.ParseCombiningCharacters(text), text.Length];
        int at = 0;
        foreach (string part in parts)
        {
            at = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.Contains(at, bounds);
            at += part.Length;
            Assert.Contains(at, bounds);
            if (at == text.Length || at == 0) continue;
            if (char.IsWhiteSpace(text[at]) || char.IsWhiteSpace(text[at - 1])) continue;
            Assert.DoesNotContain("https://loja.example/p", Around(text, at, 35), StringComparison.Ordinal);
        }
    }

    // An address that was cut would stand across the place.
    private static string Around(string text, int at, int length)
    {
        int found = text.LastIndexOf("https://loja.example/p", at - 1, StringComparison.Ordinal);
        return found >= 0 && found < at && at < found + length && found + length <= text.Length
            && found + length - WordStart(text, found) <= 40
                ? text.Substring(found, length)
                : "";
    }

    private static int WordStart(string text, int at)
    {
        while (at > 0 && !char.IsWhiteSpace(text[at - 1])) at--;
        return at;
    }
}
