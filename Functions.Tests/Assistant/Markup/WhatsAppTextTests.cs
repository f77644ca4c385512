using Vellarys.Assistant.Markup;
using Xunit;

namespace Vellarys.Tests.Assistant.Markup;

public sealed class WhatsAppTextTests
{
    [Theory]
    [InlineData("Olá! Tudo bem?", "Olá! Tudo bem?")]
    [InlineData("**Sofá Brisa**: R$ 2.490", "*Sofá Brisa*: R$ 2.490")]
    [InlineData("__Poltrona Lua__: R$ 890", "*Poltrona Lua*: R$ 890")]
    [InlineData("** Sofá ** e **Lua**", "*Sofá* e *Lua*")]
    [InlineData("***muito*** bom", "*_muito_* bom")]
    [InlineData("~~R$ 990~~ R$ 890", "~R$ 990~ R$ 890")]
    [InlineData("*já é negrito* e _itálico_", "*já é negrito* e _itálico_")]
    [InlineData("**aberto e nunca fechado", "aberto e nunca fechado")]
    [InlineData("**com *um* dentro**", "*com um dentro*")]
    [InlineData("### Preços", "*Preços*")]
    [InlineData("# **Preços** #", "*Preços*")]
    [InlineData("##Preços", "*Preços*")]
    [InlineData("#1 em vendas, use #promo", "#1 em vendas, use #promo")]
    [InlineData("Preços\n======\nSofá", "*Preços*\nSofá")]
    [InlineData("- Sofá\n* Poltrona\n+ Mesa\n  - de canto", "• Sofá\n• Poltrona\n• Mesa\n  • de canto")]
    [InlineData("- [x] feito\n- [ ] falta", "• feito\n• falta")]
    [InlineData("1. Sofá\n2) Mesa", "1. Sofá\n2) Mesa")]
    [InlineData("Faz -5 graus", "Faz -5 graus")]
    [InlineData("acima\n\n---\n\nabaixo", "acima\n\nabaixo")]
    [InlineData("> citado **aqui**", "> citado *aqui*")]
    [InlineData("use `CUPOM10` e ``x``", "use `CUPOM10` e `x`")]
    [InlineData("```js\nlet a = **1**;\n```", "```let a = **1**;```")]
    [InlineData("```markdown\n# Oi\n**Tudo**\n```", "*Oi*\n*Tudo*")]
    [InlineData("```\nsem fim", "sem fim")]
    [InlineData(@"Olá!\nTudo bem?\n\nAté", "Olá!\nTudo bem?\n\nAté")]
    [InlineData(@"\*sem negrito\* e 10\% e \#1", @"*sem negrito* e 10\% e #1")]
    [InlineData(@"copie para C:\novo\temp agora", @"copie para C:\novo\temp agora")]
    [InlineData(@"a\u00e7\u00e3o", "ação")]
    [InlineData("<b>Sofá</b><br>R$&nbsp;10 &amp; mais", "*Sofá*\nR$ 10 & mais")]
    [InlineData("<ul><li>um</li><li>dois</li></ul>", "• um\n• dois")]
    [InlineData("a < b e c > d", "a < b e c > d")]
    [InlineData("Nome: ______", "Nome: ______")]
    [InlineData("o arquivo nota__fiscal_2", "o arquivo nota__fiscal_2")]
    [InlineData("2*3*4 = 24", "2*3*4 = 24")]
    [InlineData("\uFEFFOi\u0000!", "Oi!")]
    public void Of_Markdown_IsWhatsApps(string markdown, string expected) =>
        Assert.Equal(expected, WhatsAppText.Of(markdown));

    [Theory]
    [InlineData("[nosso site](https://x.invalid/a_b)", "nosso site (https://x.invalid/a_b)")]
    [InlineData("[**site**](https://x.invalid \"título\")", "*site* (https://x.invalid)")]
    [InlineData("[https://x.invalid](https://x.invalid/)", "https://x.invalid/")]
    [InlineData("[x.invalid](https://x.invalid)", "https://x.invalid")]
    [InlineData("[](https://x.invalid)", "https://x.invalid")]
    [InlineData("![foto](https://x.invalid/f.png)", "foto (https://x.invalid/f.png)")]
    [InlineData("<https://x.invalid/a>", "https://x.invalid/a")]
    [InlineData("**https://x.invalid/a__b__c**", "*https://x.invalid/a__b__c*")]
    [InlineData("veja https://x.invalid/__init__/a*b", "veja https://x.invalid/__init__/a*b")]
    [InlineData("[wiki](https://x.invalid/Foo_(bar))", "wiki (https://x.invalid/Foo_(bar))")]
    [InlineData("[escreva](mailto:a@x.invalid)", "escreva (a@x.invalid)")]
    [InlineData("[veja abaixo](#precos)", "veja abaixo")]
    [InlineData("[site][1]\n\n[1]: https://x.invalid", "site (https://x.invalid)")]
    [InlineData("[site] (https://x.invalid)", "site (https://x.invalid)")]
    [InlineData("a [ref:c1.s2] ção", "a [ref:c1.s2] ção")]
    [InlineData("<a href=\"https://x.invalid\">site</a>", "site (https://x.invalid)")]
    public void Of_Link_ShowsWhereItLeads(string markdown, string expected) =>
        Assert.Equal(expected, WhatsAppText.Of(markdown));

    [Fact]
    public void Of_HalfAnEmoji_IsLeftOut() =>
        Assert.Equal("Oi 🙂 !", WhatsAppText.Of("Oi 🙂 " + '\ud83d' + "!" + '\udc00'));

    [Theory]
    [InlineData("| Item | Preço |\n|---|---|\n| Sofá | 2.490 |\n| **Lua** | 890 |",
        "• Sofá – Preço: 2.490\n• *Lua* – Preço: 890")]
    [InlineData("Item | Preço | Cor\n:--|--:|:-:\nSofá | 2.490 | azul\n\nFim",
        "• Sofá – Preço: 2.490, Cor: azul\n\nFim")]
    [InlineData("| Sofá | 2.490 |\n| Lua | 890 |", "• Sofá – 2.490\n• Lua – 890")]
    [InlineData("sofá | poltrona", "sofá | poltrona")]
    public void Of_Table_IsAList(string markdown, string expected) =>
        Assert.Equal(expected, WhatsAppText.Of(markdown));

    [Fact]
    public void Of_ReplyOfTheCase_HoldsNoMarkdown() => Assert.Equal(
        "*Preços*\n\n*Sofá Brisa*: R$ 2.490\n*Poltrona Lua*: R$ 890\n\n• Sofá – Preço: 2.490\n\n"
        + "Veja em nosso site (https://exemplo.invalid/sofas).",
        WhatsAppText.Of(
            """
            ### Preços

            **Sofá Brisa**: R$ 2.490
            __Poltrona Lua__: R$ 890

            | Item | Preço |
            |---|---|
            | Sofá | 2.490 |

            Veja em [nosso site](https://exemplo.invalid/sofas).
            """));

    [Theory]
    [InlineData("**")]
    [InlineData("[")]
    [InlineData("__a")]
    [InlineData("|a|\n")]
    [InlineData("`")]
    [InlineData("<b>")]
    [InlineData("\\n")]
    [InlineData("- \n")]
    [InlineData("[a](")]
    public void Of_MarksWithoutEnd_IsLinearAndSaysNoneOfThemTwice(string mark)
    {
        string text = string.Concat(Enumerable.Repeat(mark, 4_096 / mark.Length));
        Assert.True(WhatsAppText.Of(text).Length <= text.Length * 2);
    }
}
