using Vellarys.Conversations.OptOut;
using Xunit;

namespace Vellarys.Tests.Conversations.OptOut;

public sealed class OptOutWishTests
{
    [Fact]
    public void Read_WishToLeave_IsHeard() =>
        Assert.Equal([], OptOutPhrases.Leaving.Where(p => OptOutWish.Read(p, isChoice: false) != true));

    [Fact]
    public void Read_AnythingElse_IsNone() =>
        Assert.Equal([], OptOutPhrases.Staying.Where(p => OptOutWish.Read(p, isChoice: false) == true));

    [Fact]
    public void Read_WishToReturn_IsHeard() =>
        Assert.Equal([], OptOutPhrases.Returning.Where(p => OptOutWish.Read(p, isChoice: false) != false));

    [Fact]
    public void IsCourtesy_ThanksAndNods_AreAndWishesAreNot()
    {
        Assert.Equal([], OptOutPhrases.Courtesies.Where(p => !OptOutWish.IsCourtesy(p)));
        Assert.Equal([], OptOutPhrases.Leaving.Concat(OptOutPhrases.Returning).Where(OptOutWish.IsCourtesy));
    }

    [Theory]
    [InlineData("Voltar", null)]
    [InlineData("Sair", null)]
    [InlineData("Parar", null)]
    [InlineData("Alta", null)]
    [InlineData("Start", null)]
    [InlineData("Parar promoções", true)]
    [InlineData("Stop promotions", true)]
    [InlineData("Sair da lista", true)]
    [InlineData("Descadastrar", true)]
    [InlineData("No recibir más mensajes", true)]
    public void Read_ChoiceOfAMenu_OnlyAPhraseIsAWish(string title, bool? wish) =>
        Assert.Equal(wish, OptOutWish.Read(title, isChoice: true));

    [Theory]
    [InlineData("sair", false)]
    [InlineData("pode parar de me mandar mensagem?", false)]
    [InlineData("como faço para sair da lista?", false)]
    [InlineData("sair, tudo bem?", false)]
    [InlineData("Não quero mais receber promoções. Qual o status do meu pedido?", true)]
    [InlineData("SAIR\nvocês abrem domingo?", true)]
    public void AsksBesides_OnlyAQuestionOfAnotherKind(string text, bool expected) =>
        Assert.Equal(expected, OptOutWish.AsksBesides(text));

    [Theory]
    [InlineData("não quero ")]
    [InlineData("para de me mandar ")]
    [InlineData("não não não ")]
    [InlineData("a a a ")]
    [InlineData("me tira me tira ")]
    public void Read_TextWithoutEnd_IsRead(string part)
    {
        string text = string.Concat(Enumerable.Repeat(part, 1_000 / part.Length));
        Assert.NotEqual(false, OptOutWish.Read(text, isChoice: false));
        Assert.Null(OptOutWish.Read(string.Concat(Enumerable.Repeat(part, 4_096 / part.Length)), isChoice: false));
    }
}
