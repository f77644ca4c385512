using Vellarys.Flows.Survey;

namespace Vellarys.Tests.Flows.Survey;

/// <summary>One survey at noon, in all its states, and all that can happen to it.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid Talk = new("00000000-0000-7000-8000-000000000001");
    public static readonly Guid Agent = new("00000000-0000-7000-8000-00000000000a");
    public static readonly DateTimeOffset Expires = Noon.AddHours(48);

    public static readonly SurveyPolicy Nps = new(SurveyKind.Nps, TimeSpan.FromHours(48));
    public static readonly SurveyPolicy WithTemplate = Nps with { Template = "pesquisa" };
    public static readonly SurveyPolicy Off = Nps with { Kind = SurveyKind.Off };

    public static readonly SurveyState.Planned Planned = new(SurveyKind.Nps, Noon.AddHours(-1), Agent);
    public static readonly SurveyState.Asked Asked = new(SurveyKind.Nps, Expires, Agent);
    public static readonly SurveyState.AskedWhy AskedWhy = new(SurveyKind.Nps, 9, Talk, 1, Expires, Agent);

    public static IEnumerable<SurveyState> States =>
    [
        new SurveyState.Unstarted(), Planned, Planned with { LastInboundAt = Noon.AddHours(-25) },
        Planned with { LastInboundAt = null }, Asked, AskedWhy, new SurveyState.Ended("answered"),
    ];

    public static IEnumerable<SurveyEvent> Events =>
    [
        Closed(), Closed(optedOut: true), Closed(channelActive: false), Answered("9"), Answered("9, adorei"),
        Answered("9", turn: 2), Answered("foi rápido", turn: 2), Answered("não", turn: 2),
        Reopened("quanto custa?"), Reopened("nota 3, cadê meu pedido?"), Woke(Noon), Woke(Expires), Cancelled,
        Charge("closed"), Charge("human"), Charge("waiting"), Charge("bot"), Wrote,
    ];

    public static SurveyEvent Cancelled { get; } = new SurveyEvent.Cancelled { At = Noon };

    public static SurveyEvent Wrote { get; } = new SurveyEvent.CustomerWrote(Talk, 1) { At = Noon };

    public static SurveyEvent Closed(bool optedOut = false, bool channelActive = true) =>
        new SurveyEvent.Closed(Noon.AddHours(-1), optedOut, channelActive, Agent) { At = Noon };

    public static SurveyEvent Answered(string text, long turn = 1) =>
        new SurveyEvent.Answered(text, Talk, turn) { At = Noon.AddHours(1) };

    public static SurveyEvent Reopened(string text) =>
        new SurveyEvent.Reopened(text, Talk, 1) { At = Noon.AddHours(1) };

    public static SurveyEvent Woke(DateTimeOffset at) => new SurveyEvent.Woke { At = at };

    public static SurveyEvent Charge(string status) => new SurveyEvent.ChargeChanged(status, null) { At = Noon };
}
