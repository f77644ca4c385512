using Vellarys.Flows.Kernel;
using Vellarys.Flows.Survey;
using Xunit;
using static Vellarys.Flows.Survey.SurveyCommand;
using static Vellarys.Tests.Flows.Survey.Samples;

namespace Vellarys.Tests.Flows.Survey;

public sealed class SurveyFlowTests
{
    private static readonly SurveyState Unstarted = new SurveyState.Unstarted();

    [Fact]
    public void Unstarted_Closed_IsPlannedForAtOnce() =>
        Check(Unstarted, Closed(), Nps, Planned, new WakeAt(Noon));

    [Fact]
    public void Unstarted_ClosedByAnOptedOutCustomer_Ends() => Ends(Unstarted, Closed(optedOut: true), "opted_out");

    [Fact]
    public void Unstarted_ClosedOnAStoppedChannel_Ends() =>
        Ends(Unstarted, Closed(channelActive: false), "channel_stopped");

    [Fact]
    public void Unstarted_ClosedWithTheSurveySwitchedOff_Ends() =>
        Check(Unstarted, Closed(), Off, new SurveyState.Ended("off"), new End("off"));

    [Fact]
    public void Planned_CustomerWrote_EndsUnasked() => Ends(Planned, Wrote, "reopened");

    [Fact]
    public void Planned_WokeInTheWindow_AsksInFreeText() => Check(
        Planned, Woke(Noon), WithTemplate, Asked, new AskScore(SurveyKind.Nps, null, "pt_BR"), new WakeAt(Expires));

    [Theory]
    [InlineData(-23.99, true)]
    [InlineData(-24, false)]
    public void Planned_WokeAtTheEdgeOfTheWindow_IsExact(double hours, bool asks)
    {
        Step<SurveyState> step = SurveyFlow.On(
            Planned with { LastInboundAt = Noon.AddHours(hours) }, Woke(Noon), Nps);
        Assert.Equal(asks, step.Commands.OfType<AskScore>().Any());
    }

    [Fact]
    public void Planned_WokeOutsideTheWindow_AsksWithTheTemplate() => Check(
        Planned with { LastInboundAt = Noon.AddDays(-2) }, Woke(Noon), WithTemplate, Asked,
        new AskScore(SurveyKind.Nps, "pesquisa", "pt_BR"), new WakeAt(Expires));

    [Fact]
    public void Planned_WokeOutsideTheWindowWithoutATemplate_Ends() =>
        Ends(Planned with { LastInboundAt = null }, Woke(Noon), "window_closed");

    [Fact]
    public void Asked_AnsweredWithAScore_AsksWhy() => Check(
        Asked, Answered("9"), Nps, AskedWhy with { ExpiresAt = Noon.AddHours(49) },
        new StoreAnswer(SurveyKind.Nps, 9, null, Agent), new AskWhy(Talk), new WakeAt(Noon.AddHours(49)));

    [Fact]
    public void Asked_AnsweredWithScoreAndComment_ThanksAndEnds() => Ends(
        Asked, Answered("nota 9, adorei"), "answered", new StoreAnswer(SurveyKind.Nps, 9, "adorei", Agent),
        new Thank(Talk), new CloseSurveyTalk(Talk));

    [Fact]
    public void Asked_CustomerWrote_WaitsForWhatTheTurnIs() => Check(Asked, Wrote, Nps, Asked);

    [Fact]
    public void Asked_ReopenedWithSomethingElse_EndsSilently() => Ends(Asked, Reopened("quanto custa?"), "reopened");

    [Fact]
    public void Asked_ReopenedWithAScoreInIt_KeepsTheScore() => Ends(
        Asked, Reopened("nota 3, cadê meu pedido?"), "answered",
        new StoreAnswer(SurveyKind.Nps, 3, "cadê meu pedido?", Agent));

    [Fact]
    public void Asked_WokeEarly_WaitsOn() => Check(Asked, Woke(Noon), Nps, Asked, new WakeAt(Expires));

    [Fact]
    public void Asked_WokeLate_Expires() => Ends(Asked, Woke(Expires), "expired");

    [Fact]
    public void AskedWhy_Answered_KeepsTheReason() => Ends(
        AskedWhy, Answered("foi rápido", 2), "answered", new StoreAnswer(SurveyKind.Nps, null, "foi rápido", Agent),
        new Thank(Talk), new CloseSurveyTalk(Talk));

    [Fact]
    public void AskedWhy_AnsweredWithAnotherScore_CorrectsIt() => Ends(
        AskedWhy, Answered("10", 2), "answered", new StoreAnswer(SurveyKind.Nps, 10, null, Agent), new Thank(Talk),
        new CloseSurveyTalk(Talk));

    [Fact]
    public void AskedWhy_AnsweredNo_StoresNothing() =>
        Ends(AskedWhy, Answered("não", 2), "answered", new Thank(Talk), new CloseSurveyTalk(Talk));

    [Fact]
    public void AskedWhy_TheScoresTurnAgain_ChangesNothing() => Check(AskedWhy, Answered("9"), Nps, AskedWhy);

    [Fact]
    public void AskedWhy_Reopened_EndsAnswered() => Ends(AskedWhy, Reopened("quanto custa?"), "answered");

    [Fact]
    public void AskedWhy_WokeLate_EndsAnsweredAndCloses() =>
        Ends(AskedWhy, Woke(Expires), "answered", new CloseSurveyTalk(Talk));

    [Fact]
    public void AnyState_Cancelled_Ends()
    {
        Assert.All(
            States.Where(s => s is not SurveyState.Ended), state => Ends(state, Cancelled, "cancelled"));
    }

    [Fact]
    public void AnyState_Listening_IsForAnswersOnlyWhileAsked()
    {
        Assert.Equal(FlowListens.Message, SurveyEffects.Listens(Planned));
        Assert.Equal(FlowListens.Answer, SurveyEffects.Listens(Asked));
        Assert.Equal(FlowListens.Answer, SurveyEffects.Listens(AskedWhy));
        Assert.Equal(FlowListens.Nothing, SurveyEffects.Listens(new SurveyState.Ended("answered")));
    }

    private static void Ends(
        SurveyState state, SurveyEvent happened, string outcome, params FlowCommand[] commands) =>
        Check(state, happened, Nps, new SurveyState.Ended(outcome), [.. commands, new End(outcome)]);

    private static void Check(
        SurveyState state, SurveyEvent happened, SurveyPolicy policy, SurveyState next, params FlowCommand[] commands)
    {
        Step<SurveyState> step = SurveyFlow.On(state, happened, policy);
        Assert.Equal(next, step.State);
        Assert.Equal(commands, step.Commands);
    }
}
