using Vellarys.Accounts;
using Vellarys.Flows.Handoff;

namespace Vellarys.Tests.Flows.Handoff;

/// <summary>At least one of every state and event, and of all that a decision depends on.</summary>
internal static class HandoffSamples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    public static readonly HandoffPolicy Open = new(new HandoffSettings(), WorkingHours.Always);

    /// <summary>Open from eight to nine in the morning; at noon it is closed.</summary>
    public static readonly HandoffPolicy Closed = new(new HandoffSettings(), WorkingHours.OfJson(
        """{"days":{"mon":["08:00-09:00"],"tue":["08:00-09:00"]}}""", "America/Sao_Paulo"));

    private static readonly Guid Ana = new(1, 0, 0, new byte[8]);
    private static readonly Guid Bia = new(2, 0, 0, new byte[8]);

    private static readonly HandoffCase Case = new("customer_asked", Noon, null, null, null)
    {
        FirstResponse = new SlaClock(Noon.AddMinutes(4), Noon.AddMinutes(5)),
        Resolution = new SlaClock(Noon.AddMinutes(384), Noon.AddMinutes(480)),
    };

    private static readonly HandoffCase Told = Case with
    {
        ToldBusy = true, ToldClosed = true, FirstResponse = null, Resolution = null,
    };
    private static readonly HandoffCase Twice = Case with { Asked = [Bia, Guid.AllBitsSet] };

    public static HandoffState[] States { get; } =
    [
        new Fresh(), new Seeking(Case, Noon), new Seeking(Told, Noon), new Seeking(Told, Noon.AddMinutes(1)),
        new Seeking(Case with { Escalated = true }, Noon),
        new Offered(Case, Ana, Noon), new Offered(Case, Ana, Noon.AddMinutes(1)), new Offered(Twice, Ana, Noon),
        new Offered(Told, Ana, Noon.AddMinutes(1)), new Attended(Case, Ana), new Attended(Told, null), new Over(),
    ];

    public static HandoffEvent[] Events { get; } =
    [
        .. new HandoffEvent[]
        {
            new Raised("customer_asked", null), new ChargeChanged("bot", null), new ChargeChanged("waiting", null),
            new ChargeChanged("waiting", Ana), new ChargeChanged("waiting", Bia), new ChargeChanged("human", Ana),
            new ChargeChanged("human", null), new ChargeChanged("closed", null), new NobodyFree(1, 0, false),
            new NobodyFree(1, 2, false),
            new NobodyFree(1, 0, true), new Declined(Ana),
            new Declined(Bia), new Transferred(null, Bia), new StaffReplied(), new CustomerWrote(), new Cancelled(),
            new Woke(),
        }.Select(e => e with { At = Noon, SeenAt = Noon }),
        new Woke { At = Noon.AddMinutes(4), SeenAt = Noon.AddMinutes(4) },
        new Woke { At = Noon.AddMinutes(5), SeenAt = Noon.AddMinutes(5) },
        new Woke { At = Noon.AddDays(900), SeenAt = Noon.AddDays(900) },
    ];
}
