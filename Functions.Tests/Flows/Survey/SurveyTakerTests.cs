using System.Text.Json;
using Vellarys.Flows.Survey;
using Xunit;

namespace Vellarys.Tests.Flows.Survey;

public sealed class SurveyTakerTests
{
    private static readonly SurveyInterceptor Taker = new();

    [Theory]
    [InlineData("9", true)]
    [InlineData("nota 9, adorei", true)]
    [InlineData("nota 9! vocês abrem amanhã?", false)]
    [InlineData("dou 0, quero falar com um atendente", false)]
    [InlineData("quero 2 cadeiras", false)]
    [InlineData("oi", false)]
    public void Asked_Text_IsTakenOnlyWhenItAsksNothing(string text, bool taken) =>
        Assert.Equal(taken, Taker.Takes(Stored(Samples.Asked), text));

    [Theory]
    [InlineData("o atendimento foi rápido", true)]
    [InlineData("demorou 2 horas", true)]
    [InlineData("queria agradecer a Ana", true)]
    [InlineData("não", true)]
    [InlineData("la atención fue muy buena", true)]
    [InlineData("bom dia", false)]
    [InlineData("obrigado", false)]
    [InlineData("vocês abrem amanhã?", false)]
    [InlineData("preciso trocar a mesa", false)]
    [InlineData("necesito una factura", false)]
    [InlineData("quero falar com uma pessoa", false)]
    [InlineData("how much is the sofa", false)]
    [InlineData("👍", false)]
    public void AskedWhy_Text_IsTakenOnlyWhenItAsksNothing(string text, bool taken) =>
        Assert.Equal(taken, Taker.Takes(Stored(Samples.AskedWhy), text));

    [Fact]
    public void OtherState_Text_IsNeverTaken()
    {
        Assert.False(Taker.Takes(Stored(Samples.Planned), "9"));
        Assert.False(Taker.Takes("""{"state":"FromANewerRelease"}""", "9"));
        Assert.False(Taker.Takes("not json", "9"));
    }

    private static string Stored(SurveyState state) => JsonSerializer.Serialize(state, SurveyJson.Default.SurveyState);
}
