using Vellarys.Conversations.Answering;
using Xunit;

namespace Vellarys.Tests.Conversations.Answering;

public sealed class LoopGuardTests
{
    private const string Away =
        "Olá! Você falou com a Oficina do Zé. No momento não podemos atender, retornaremos em breve.";

    private static readonly DateTime Start = new(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Colours =
        ["azul", "verde", "cinza", "branco", "preto", "bege", "rosa", "vinho", "amarelo", "roxo"];

    private static readonly string[] Machine =
    [
        "Entendi! Posso ajudar com mais alguma informação sobre os nossos serviços de entrega?",
        "Claro! Para prosseguir, por favor informe o motivo do seu contato com a nossa equipe.",
        "Obrigado pela mensagem! Nossa equipe trabalha para oferecer a melhor experiência possível.",
        "Perfeito! Gostaria de conhecer também as promoções que preparamos para esta semana?",
        "Que bom falar com você! Qual dos nossos produtos despertou o seu interesse hoje?",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void SameTextAgainAndAgain_IsSeenAtTheSixthCopy(int seconds)
    {
        Assert.False(LoopGuard.Sees(Talk([.. Enumerable.Repeat(Away, 5)], seconds)));
        Assert.True(LoopGuard.Sees(Talk([.. Enumerable.Repeat(Away, 6)], seconds)));
    }

    [Fact]
    public void SameTextWithATicketAndATime_IsTheSameText() =>
        Assert.True(LoopGuard.Sees(Talk(
            [.. Enumerable.Range(0, 6).Select(n => $"Recebemos às 12:0{n} o chamado #{4711 + n}, aguarde o retorno.")],
            2)));

    [Fact]
    public void NearlyTheSameTextFasterThanAnybodyTypes_IsTheSameText() =>
        Assert.True(LoopGuard.Sees(Talk(
            [.. Colours.Take(6).Select(c => $"No momento não podemos atender, a senha é {c}, retornaremos em breve.")],
            1)));

    [Theory]
    [InlineData("me manda foto do sofá {0}", 1, 6)]
    [InlineData("me manda foto do sofá {0}", 5, 4)]
    [InlineData("me manda foto do sofá {0}", 40, 4)]
    [InlineData("e qual é o prazo de entrega para o bairro {0} por favor?", 15, 4)]
    public void PersonWhoAsksTheSameOfOneThingAfterTheOther_IsNotSeen(string text, int seconds, int answerSeconds) =>
        Assert.False(LoopGuard.Sees(Talk(
            [.. Colours.Select(c => text.Replace("{0}", c, StringComparison.Ordinal))], seconds, answerSeconds)));

    [Theory]
    [InlineData("qual o preço do item {0}", 3)]
    [InlineData("bom dia, vocês têm o produto de código {0} em estoque na loja?", 20)]
    public void PersonWhoAsksOneNumberAfterTheOther_IsNotSeen(string text, int seconds) =>
        Assert.False(LoopGuard.Sees(Talk(
            [.. Enumerable.Range(0, 10).Select(n => text.Replace("{0}", $"{4511 + n}", StringComparison.Ordinal))],
            seconds)));

    [Fact]
    public void MenuThatTurnsInACircle_IsSeen() =>
        Assert.True(LoopGuard.Sees(Talk(
            [.. Enumerable.Range(0, 8).Select(n => n % 2 == 0
                ? "Opção inválida. Digite 1 para vendas ou 2 para suporte."
                : "Não entendi a sua resposta, vamos tentar outra vez?")],
            20)));

    [Fact]
    public void DifferentTextsFasterThanAnybodyTypes_AreSeen() =>
        Assert.True(LoopGuard.Sees(Talk(
            [.. Enumerable.Range(0, 9).Select(n => Machine[n % 5] + new string('x', n))], 2)));

    [Fact]
    public void ShortReplyThatAlwaysComesAtOnce_IsSeenAtTheNinth()
    {
        Assert.False(LoopGuard.Sees(Talk([.. Enumerable.Repeat("👍", 8)], 1)));
        Assert.True(LoopGuard.Sees(Talk([.. Enumerable.Repeat("👍", 9)], 1)));
    }

    [Theory]
    [InlineData("oi?", 3, 2)]
    [InlineData("oi?", 8, 2)]
    [InlineData("alguém aí", 14, 30)]
    [InlineData("quero falar com uma pessoa", 4, 3)]
    public void PersonWhoRepeats_IsNotSeen(string text, int times, int seconds) =>
        Assert.False(LoopGuard.Sees(Talk([.. Enumerable.Repeat(text, times)], seconds)));

    [Fact]
    public void PersonWhoChatsFast_IsNotSeen()
    {
        string[] said =
        [
            "oi", "tudo bem?", "queria saber o preço", "da mesa", "redonda", "e tem em preto?", "entrega amanhã?",
            "no Batel", "ok", "e se eu pagar à vista", "tem desconto?", "beleza", "vou querer", "obrigado!", "até",
        ];
        Assert.False(LoopGuard.Sees(Talk(said, 1)));
        Assert.False(LoopGuard.Sees(Talk(said, 6)));
    }

    [Fact]
    public void PersonWhoTypesLongLinesWithoutAPause_IsNotSeen() =>
        // Five letters a second, each line sent a moment after the answer to the one before.
        Assert.False(LoopGuard.Sees(Talk(
            [.. Machine, .. Machine.Select(m => m.Replace(" ", "x ", StringComparison.Ordinal))], 1, 20)));

    [Fact]
    public void AnswerOncePerMessageDaysApart_IsNoLoop() =>
        Assert.False(LoopGuard.Sees(Talk([.. Enumerable.Repeat(Away, 12)], 1, 86_400)));

    [Fact]
    public void BurstOfShortMessages_IsOneRound()
    {
        List<StoredLine> lines = [.. Enumerable.Range(0, 5).Select(n => Line("cliente", "oi?", n, n))];
        lines.Reverse();
        Assert.False(LoopGuard.Sees(lines));
    }

    [Fact]
    public void TapsOfAButton_AreAPersons() =>
        Assert.False(LoopGuard.Sees([.. Talk([.. Enumerable.Repeat("Ver os próximos produtos", 12)], 1)
            .Select(l => l.Role == "cliente" ? l with { Kind = "interactive" } : l)]));

    [Theory]
    [InlineData(Away, 2, true)]
    [InlineData(Away, 30, false)]
    [InlineData("", 2, false)]
    public void SamePictureAgainAndAgain_IsSeenWhereItComesAtOnceWithWords(string caption, int seconds, bool seen) =>
        Assert.Equal(seen, LoopGuard.Sees([.. Talk([.. Enumerable.Repeat(caption, 12)], seconds)
            .Select(l => l.Role == "cliente" ? l with { Kind = "image" } : l)]));

    [Theory]
    [InlineData("atendente", "text")]
    [InlineData("sistema", "loop")]
    public void WhatCameBeforeStaffHadAHandInIt_DoesNotCount(string role, string kind)
    {
        List<StoredLine> before = Talk([.. Enumerable.Repeat(Away, 8)], 1);
        StoredLine staff = Line(role, "", before[0].Seq + 1, 200) with { Kind = kind };
        List<StoredLine> after =
            [.. Talk([.. Enumerable.Repeat(Away, 4)], 1).Select(l => l with { CreatedAt = l.CreatedAt.AddMinutes(5) })];
        Assert.False(LoopGuard.Sees([.. after, staff, .. before]));
    }

    /// <summary>Newest first: the customer begins, and after each answer writes the next text.</summary>
    private static List<StoredLine> Talk(string[] texts, int seconds, int answerSeconds = 4)
    {
        List<StoredLine> lines = [];
        double at = 0;
        foreach (string text in texts)
        {
            if (lines.Count > 0)
            {
                lines.Add(Line("bot", "Tudo bem! Me diga o que procura.", lines.Count, at += answerSeconds));
                at += seconds;
            }

            lines.Add(Line("cliente", text, lines.Count, at));
        }

        lines.Reverse();
        return [.. lines.Take(30)];
    }

    private static StoredLine Line(string role, string text, long seq, double at) => new(
        role, "text", text, false, seq, default, default, null, role == "cliente", null, null, Start.AddSeconds(at),
        role == "cliente" ? seq : null, Guid.Empty);
}
