using Vellarys.Assistant;
using Vellarys.Assistant.Offline;
using Xunit;

namespace Vellarys.Tests.Assistant;

/// <summary>Labelled sentences in three languages, beside the harmless ones that look like them.</summary>
public sealed class OfflineRulesTests
{
    [Theory]
    [InlineData("queria conversar com alguém da equipe")]
    [InlineData("me transfere para um atendente por favor")]
    [InlineData("posso falar com a Juliana?")]
    [InlineData("prefiro um ser humano")]
    [InlineData("chama o gerente aí")]
    [InlineData("não quero mais falar com robô")]
    [InlineData("tem algum atendente disponível?")]
    [InlineData("alguém pode me ligar?")]
    [InlineData("ATENDENTE")]
    [InlineData("necesito hablar con una persona")]
    [InlineData("pásame con un agente")]
    [InlineData("quiero que me atienda un asesor")]
    [InlineData("estoy cansada de hablar con un robot")]
    [InlineData("can I speak to someone?")]
    [InlineData("get me a real person")]
    [InlineData("I want to talk to a manager")]
    [InlineData("human please")]
    public void WantsPerson_Asks_IsSeen(string text) => Assert.True(IntentRules.WantsPerson(TextFold.Fold(text)));

    [Theory]
    [InlineData("falei com o atendente ontem e ele disse que sim")]
    [InlineData("sou gerente de uma padaria, vocês atendem empresas?")]
    [InlineData("cabe quantas pessoas nessa mesa?")]
    [InlineData("quero um sofá para quatro pessoas")]
    [InlineData("você é uma pessoa?")]
    [InlineData("vocês têm vaga de vendedor?")]
    [InlineData("não precisa me passar para ninguém, obrigado")]
    [InlineData("o robô aspirador vem com base?")]
    [InlineData("es para una persona mayor")]
    [InlineData("soy agente de viajes, hacen descuento?")]
    [InlineData("do you have a table for ten people?")]
    [InlineData("is this a bot?")]
    public void WantsPerson_OnlyMentions_IsNotSeen(string text) =>
        Assert.False(IntentRules.WantsPerson(TextFold.Fold(text)));

    [Theory]
    [InlineData("quero comprar o sofá cinza")]
    [InlineData("fechado, pode mandar o pix")]
    [InlineData("vou levar as duas poltronas")]
    [InlineData("separa um rack pra mim que eu busco amanhã")]
    [InlineData("me manda o link de pagamento")]
    [InlineData("como faço pra contratar o plano?")]
    [InlineData("quero agendar uma visita para sábado")]
    [InlineData("quero 3 cadeiras pretas")]
    [InlineData("me lo llevo, cómo pago?")]
    [InlineData("quiero reservar una habitación para el viernes")]
    [InlineData("I'd like to order two chairs")]
    [InlineData("I'll take the blue one")]
    [InlineData("send me the payment link please")]
    public void Buying_Decided_IsHot(string text) =>
        Assert.Equal(Qualification.Hot, BuyingRules.Of(TextFold.Fold(text)));

    [Theory]
    [InlineData("quanto custa o sofá?", Qualification.Warm)]
    [InlineData("vocês entregam em Joinville?", Qualification.Warm)]
    [InlineData("cuánto cuesta el envío?", Qualification.Warm)]
    [InlineData("how much is the armchair?", Qualification.Warm)]
    [InlineData("só estou olhando, obrigado, só olhando", Qualification.Cold)]
    [InlineData("não tenho interesse", Qualification.Cold)]
    [InlineData("not interested", Qualification.Cold)]
    [InlineData("quero cancelar a compra", Qualification.Unknown)]
    [InlineData("quero o estorno do meu pedido", Qualification.Unknown)]
    [InlineData("comprei ontem e quero saber da entrega", Qualification.Unknown)]
    [InlineData("não quero comprar agora", Qualification.Unknown)]
    [InlineData("quero a segunda via do boleto", Qualification.Unknown)]
    [InlineData("quiero cancelar mi pedido", Qualification.Unknown)]
    [InlineData("I want a refund", Qualification.Unknown)]
    [InlineData("bom dia", Qualification.Unknown)]
    public void Buying_NotDecided_IsNotHot(string text, Qualification expected)
    {
        Qualification level = BuyingRules.Of(TextFold.Fold(text));
        Assert.NotEqual(Qualification.Hot, level);
        if (expected != Qualification.Unknown) Assert.Equal(expected, level);
    }

    [Theory]
    [InlineData("o armário chegou quebrado")]
    [InlineData("isso é um absurdo, vou no procon")]
    [InlineData("faz dez dias que comprei e não chegou nada")]
    [InlineData("a geladeira parou de funcionar com dois meses")]
    [InlineData("péssimo atendimento")]
    [InlineData("llegó roto y nadie responde")]
    [InlineData("quiero poner una queja")]
    [InlineData("the chair arrived broken")]
    [InlineData("you charged me twice")]
    public void Complaint_Complains_IsSeen(string text) => Assert.True(IntentRules.IsComplaint(TextFold.Fold(text)));

    [Theory]
    [InlineData("não tenho nada do que reclamar")]
    [InlineData("esse modelo vem com defeito de fábrica ou é só riscado? tem garantia?")]
    [InlineData("não recebi o código por sms")]
    [InlineData("chegou tudo certinho, obrigada")]
    [InlineData("when will it arrive?")]
    [InlineData("el sofá es cómodo?")]
    public void Complaint_DoesNotComplain_IsNotSeen(string text) =>
        Assert.False(IntentRules.IsComplaint(TextFold.Fold(text)));

    [Theory]
    [InlineData("amei o atendimento, nota 10", Sentiment.Positive)]
    [InlineData("não gostei do acabamento", Sentiment.Negative)]
    [InlineData("nada mal, gostei", Sentiment.Positive)]
    [InlineData("que demora, hein 😡", Sentiment.Negative)]
    [InlineData("muchas gracias, todo perfecto", Sentiment.Positive)]
    [InlineData("qué mal servicio", Sentiment.Negative)]
    [InlineData("the delivery was awful", Sentiment.Negative)]
    [InlineData("love it, thanks!", Sentiment.Positive)]
    [InlineData("tem na cor preta?", Sentiment.Neutral)]
    [InlineData("rua das flores, 200", Sentiment.Neutral)]
    public void Tone_OfText_IsTold(string text, Sentiment tone) => Assert.Equal(tone, Tone.Of(text));

    [Theory]
    [InlineData("Vocês entregam no sábado?", "pt-BR")]
    [InlineData("qual o horario de vcs", "pt-BR")]
    [InlineData("¿Hacen envíos los sábados?", "es")]
    [InlineData("cuanto cuesta el sofa", "es")]
    [InlineData("What time do you open?", "en")]
    [InlineData("how much is it", "en")]
    [InlineData("ok", "es")]
    [InlineData("👍", "es")]
    public void Language_OfText_IsToldOrTheTenants(string text, string locale) =>
        Assert.Equal(locale, CustomerLanguage.Detect(text, "es"));
}
