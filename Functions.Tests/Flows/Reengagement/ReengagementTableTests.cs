using Vellarys.Accounts;
using Vellarys.Flows.Reengagement;
using Xunit;

namespace Vellarys.Tests.Flows.Reengagement;

public sealed class ReengagementTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    private static readonly ReengagementPolicy Policy = new(
        new ReengagementSettings
        {
            Enabled = true, Stages = [new() { AfterMinutes = 240 }, new() { AfterMinutes = 1_200 }],
        },
        TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo"));

    private static readonly ReengagementState[] States =
    [
        new Fresh(), new Silent(Noon.AddHours(-4), 0, Noon, 0, 4), new Silent(Noon.AddHours(-4), 0, Noon, 0, 0),
        new Silent(Noon.AddHours(-4), 1, Noon, 1, 3), new Silent(Noon.AddDays(-2), 2, Noon, 1, 3), new Over(),
    ];

    private static readonly ReengagementEvent[] Events =
    [
        .. new ReengagementEvent[]
        {
            new WentSilent(Noon, 0), new CustomerWrote(false), new CustomerWrote(true), new ChargeChanged("bot"),
            new ChargeChanged("human"), new Cancelled(), new Woke(),
        }.Select(e => e with { At = Noon, SeenAt = Noon }),
        new Woke { At = Noon.AddHours(-1), SeenAt = Noon.AddHours(-1) },
        // Ten in the evening in São Paulo: quiet.
        new Woke { At = Noon.AddHours(10), SeenAt = Noon.AddHours(10) },
    ];

    [Fact]
    public void Document_Table_SaysWhatTheFlowDoes() => TransitionTable.Holds<ReengagementState, ReengagementEvent>(
        "docs/flows/reengagement.md", States, Events, (s, e) => ReengagementFlow.On(s, e, Policy));
}
