using Vellarys.Assistant;
using Xunit;

namespace Vellarys.Tests.Assistant;

/// <summary>Whole turns without a model: what is said, in which language, and when a person is called.</summary>
public sealed class OfflineAssistantTests
{
    [Theory]
    [InlineData("oi, bom dia!", "greeting", "pt-BR", Texts.Greeting)]
    [InlineData("hola, buenas tardes", "greeting", "es", Texts.Greeting)]
    [InlineData("hello there", "greeting", "en", Texts.Greeting)]
    [InlineData("muito obrigada!", "thanks", "pt-BR", Texts.Thanks)]
    [InlineData("gracias", "thanks", "es", Texts.Thanks)]
    [InlineData("thank you so much", "thanks", "en", Texts.Thanks)]
    [InlineData("tchau, até mais", "goodbye", "pt-BR", Texts.Goodbye)]
    [InlineData("você é um robô?", "identity", "pt-BR", Texts.Identity)]
    [InlineData("are you a real person?", "identity", "en", Texts.Identity)]
    public void Answer_SmallTalk_IsInTheCustomersLanguage(string text, string intent, string locale, string key)
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.Saying(text, Turns.Shop));
        Assert.Equal((intent, Texts.Get(key, locale)), (answer.Intent, answer.Reply));
        Assert.Null(answer.Handoff);
        Assert.True(answer.Helped);
        Assert.Equal((AnswerSource.Offline, ModelUsage.None), (answer.Source, answer.Usage));
    }

    [Theory]
    [InlineData("que horas vocês abrem no sábado?", "sábados, das 9h às 14h", "R$")]
    [InlineData("qual o horário de vocês?", "das 9h às 19h", "estacionamento")]
    [InlineData("quanto custa a poltrona?", "Poltrona Garoa, em veludo: R$ 990,00.", "9h")]
    [InlineData("em quantos dias posso desistir da compra?", "7 dias", "R$")]
    [InlineData("posso trocar se vier com defeito?", "30 dias", "R$")]
    [InlineData("tem estacionamento?", "O estacionamento é gratuito", "R$")]
    public void Answer_InTheKnowledge_IsTheSentencesThatMatch(string question, string holds, string lacks)
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.Saying(question, Turns.Shop));
        Assert.Contains(holds, answer.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain(lacks, answer.Reply, StringComparison.Ordinal);
        Assert.True(answer.Helped);
    }

    [Theory]
    [InlineData("what are your opening hours?", "en", "das 9h às 19h")]
    [InlineData("¿a qué hora cierran?", "es", "das 9h às 19h")]
    [InlineData("¿cuál es el precio del sofá?", "es", "R$ 2.490,00")]
    public void Answer_KnowledgeInAnotherLanguage_SaysWhereItIsFrom(string question, string locale, string holds)
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.Saying(question, Turns.Shop));
        Assert.StartsWith(Texts.Get(Texts.FromKnowledge, locale), answer.Reply, StringComparison.Ordinal);
        Assert.Contains(holds, answer.Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qual o horário de vocês?")]
    [InlineData("quanto custa o sofá?")]
    [InlineData("vocês vendem cortinas?")]
    [InlineData("qual a capital da Austrália?")]
    public void Answer_NotInTheKnowledge_IsHonest(string question)
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.Saying(question));
        Assert.Equal(Texts.Get(Texts.Unknown, "pt-BR"), answer.Reply);
        Assert.False(answer.Helped);
        Assert.Null(answer.Handoff);
    }

    [Fact]
    public void Answer_NotHelpedForTheLastTime_CallsAPerson()
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.Saying("do you sell curtains?") with { FailedAttempts = 2 });
        Assert.Equal(Texts.Get(Texts.UnknownHandoff, "en"), answer.Reply);
        Assert.Equal(HandoffReason.AttemptsExhausted, answer.Handoff);
    }

    [Theory]
    [InlineData("quero falar com um atendente", HandoffReason.CustomerAsked, "human")]
    [InlineData("quiero hablar con una persona", HandoffReason.CustomerAsked, "human")]
    [InlineData("o sofá chegou rasgado, um absurdo", HandoffReason.Complaint, "complaint")]
    [InlineData("the sofa arrived damaged", HandoffReason.Complaint, "complaint")]
    [InlineData("vou ficar com o sofá cinza, como pago?", HandoffReason.HotLead, "buy")]
    [InlineData("me lo llevo", HandoffReason.HotLead, "buy")]
    public void Answer_APersonIsBetter_CallsOne(string text, HandoffReason reason, string intent)
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.Saying(text, Turns.Shop));
        Assert.Equal((reason, intent, true), (answer.Handoff, answer.Intent, answer.Helped));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[audio]")]
    [InlineData("[image]")]
    public void Answer_MediaAlone_SaysThatItCannotOpenIt(string text)
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.Saying(text, Turns.Shop));
        Assert.Equal(("media", Texts.Get(Texts.CannotOpenMedia, "pt-BR")), (answer.Intent, answer.Reply));
    }

    [Fact]
    public void Answer_MediaWithCaption_AnswersTheCaption() => Assert.Contains(
        "9h às 19h",
        OfflineAssistant.Answer(Turns.Saying("[image] qual o horário?", Turns.Shop)).Reply,
        StringComparison.Ordinal);

    [Fact]
    public void Answer_AgreedAndAsksOneThingMore_SaysBoth()
    {
        TurnContext turn = Turns.Saying("quero comprar a poltrona, qual o valor mesmo?", Turns.Shop);
        TurnAnswer answer = OfflineAssistant.Answer(turn);
        Assert.Contains("R$ 990,00", answer.Reply, StringComparison.Ordinal);
        Assert.EndsWith(Texts.Get(Texts.HotLead, "pt-BR"), answer.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_BurstOfMessages_AnswersTheWhole()
    {
        TurnAnswer answer = OfflineAssistant.Answer(Turns.With(
            [new(TurnSpeaker.Bot, "Olá!"), Turns.Said("oi"), Turns.Said("então"), Turns.Said("que horas abre?")],
            Turns.Shop));
        Assert.Contains("das 9h às 19h", answer.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_EveryKey_IsInEveryLanguage()
    {
        string[] keys =
            [.. typeof(Texts).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)];
        Assert.True(keys.Length >= 18);
        string[] languages = ["pt-BR", "es-MX", "en-GB"];
        Assert.All(keys, key => Assert.Equal(
            3, languages.Select(l => Texts.Get(key, l)).Where(t => t.Length > 5).Distinct().Count()));
        Assert.Throws<ArgumentException>(() => Texts.Get("NoSuchText", "es"));
    }
}
