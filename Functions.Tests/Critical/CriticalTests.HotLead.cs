using Vellarys.Assistant;
using Vellarys.Tests.Assistant;
using Xunit;

namespace Vellarys.Tests.Critical;

/// <summary>Whoever is ready to buy is qualified as hot, with and without a model, and a person is called.</summary>
public sealed class CriticalTest2_HotLeadIsQualified
{
    [Theory]
    [InlineData("quero fechar, me manda o pix")]
    [InlineData("vou ficar com o sofá cinza")]
    [InlineData("quiero comprar el sofá, cómo pago?")]
    [InlineData("I'll take two chairs, send me the payment link")]
    public async Task ReadyToBuy_WithoutModel_IsHot(string text)
    {
        TurnAnswer answer = await Turns.Assistant(new AssistantOptions())
            .AnswerAsync(Turns.Saying(text, Turns.Shop), default);
        Assert.Equal((Qualification.Hot, HandoffReason.HotLead), (answer.Qualification, answer.Handoff));
        Assert.InRange(answer.Score, 80, 100);
    }

    [Fact]
    public async Task ReadyToBuy_ModelSaysHot_IsHotWithItsFields()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => ModelServer.SayAsync(http, ModelServer.Completion(
            """
            {"reply":"Ótimo!","intent":"buy","sentiment":"positive","qualification":"hot","score":95,
            "fields":[{"name":"product","value":"sofá"}],"handoff":null,"helped":true,"summary":null}
            """));
        TurnAnswer answer = await Turns.Assistant(Turns.Options(server)).AnswerAsync(Turns.Saying("fechado!"), default);
        Assert.Equal((Qualification.Hot, HandoffReason.HotLead), (answer.Qualification, answer.Handoff));
        Assert.Equal(95, answer.Score);
        Assert.Equal("sofá", answer.Fields["product"]);
    }

    [Theory]
    [InlineData("quanto custa o sofá?")]
    [InlineData("quero cancelar minha compra")]
    [InlineData("bom dia")]
    [InlineData("ainda não decidi se vou comprar")]
    public async Task NotReady_WithoutModel_IsNotHot(string text)
    {
        TurnAnswer answer = await Turns.Assistant(new AssistantOptions())
            .AnswerAsync(Turns.Saying(text, Turns.Shop), default);
        Assert.NotEqual(Qualification.Hot, answer.Qualification);
        Assert.NotEqual(HandoffReason.HotLead, answer.Handoff);
    }
}
