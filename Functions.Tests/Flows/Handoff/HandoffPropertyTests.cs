using Vellarys.Accounts;
using Vellarys.Flows.Handoff;
using Vellarys.Flows.Kernel;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

/// <summary>Random histories: events late, doubled, lost and out of order.</summary>
public sealed class HandoffPropertyTests
{
    private const int Histories = 4_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);
    private static readonly Guid[] People = [.. Enumerable.Range(1, 4).Select(i => new Guid(i, 0, 0, new byte[8]))];
    private static readonly HandoffPolicy Policy = new(new HandoffSettings(), WorkingHours.Always);

    [Fact]
    public void AnyHistory_IsLegalAndComesToAnEnd()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            HandoffState state = Play(new Random(seed), 40, out DateTimeOffset now);
            state = state is Attended or Fresh ? On(state, At(new ChargeChanged("closed", null), now)) : state;
            // From here only the clock: whoever waits is served by time alone.
            for (int wakes = 0; state is not (Over or Fresh); wakes++)
            {
                Assert.True(wakes < 20_000, $"seed {seed}: still {state}");
                now = NextWake(state, now);
                state = On(state, At(new Woke(), now));
            }
        }
    }

    [Fact]
    public void AnyEvent_Doubled_TellsNobodyTwice()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            HandoffState state = Play(random, random.Next(30), out DateTimeOffset now);
            HandoffEvent happened = Any(random, now);
            Step<HandoffState> first = HandoffFlow.On(state, happened, Policy);
            Step<HandoffState> second = HandoffFlow.On(first.State, happened, Policy);
            Assert.DoesNotContain(
                second.Commands,
                c => c is NotifyAgent or NotifySupervisors or TellCustomer or ReturnToBot or End);
        }
    }

    [Fact]
    public void AnyHistory_TheBotSpeaksOnceAtMostWhileNobodyCame()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            HandoffState state = new Fresh();
            DateTimeOffset now = Start;
            int told = 0;
            for (int i = 0; i < 60; i++)
            {
                now += TimeSpan.FromSeconds(random.Next(0, 90));
                HandoffEvent happened = Any(random, now);
                Step<HandoffState> step = HandoffFlow.On(state, happened, Policy);
                // Whoever waits anew is told anew.
                if (happened is Transferred || step.State is Attended) told = 0;
                if (step.Commands.Any(c => c is TellCustomer))
                {
                    Assert.IsNotType<Attended>(step.State);
                    told++;
                }

                state = step.State;
            }

            Assert.True(told <= 1, $"seed {seed}: {told}");
        }
    }

    private static HandoffState On(HandoffState state, HandoffEvent happened)
    {
        Step<HandoffState> step = HandoffFlow.On(state, happened, Policy);
        if (state is Over) Assert.Empty(step.Commands);
        if (step.State is Over && state is not Over) Assert.Single(step.Commands.OfType<End>());
        if (step.State is Seeking or Offered && !ReferenceEquals(step.State, state))
            Assert.Single(step.Commands.OfType<WakeAt>());
        return step.State;
    }

    private static HandoffState Play(Random random, int events, out DateTimeOffset now)
    {
        HandoffState state = On(new Fresh(), At(new Raised("customer_asked", null), Start));
        now = Start;
        for (int i = 0; i < events; i++)
        {
            // Late ones carry an earlier time than what was applied before them.
            now += TimeSpan.FromSeconds(random.Next(0, 200));
            state = On(state, Any(random, now) with { At = now - TimeSpan.FromSeconds(random.Next(0, 100)) });
        }

        return state;
    }

    private static HandoffEvent Any(Random random, DateTimeOffset at)
    {
        Guid someone = People[random.Next(People.Length)];
        HandoffEvent happened = random.Next(12) switch
        {
            0 => new Raised("hot_lead", null),
            1 or 2 or 3 => new ChargeChanged("waiting", random.Next(4) == 0 ? null : someone),
            4 => new ChargeChanged("human", random.Next(4) == 0 ? null : someone),
            5 => random.Next(10) == 0 ? new ChargeChanged("closed", null) : new CustomerWrote(),
            6 => new NobodyFree(random.Next(1, 9), random.Next(3), random.Next(2) == 0),
            7 => new Declined(someone),
            8 => new Transferred(null, someone),
            9 => new StaffReplied(),
            _ => new Woke(),
        };
        return happened with { At = at, SeenAt = at };
    }

    private static DateTimeOffset NextWake(HandoffState state, DateTimeOffset now)
    {
        DateTimeOffset wanted = state switch
        {
            Seeking s => s.AskAt,
            Offered o => o.Until,
            _ => now,
        };
        return wanted > now ? wanted : now + TimeSpan.FromSeconds(1);
    }

    private static HandoffEvent At(HandoffEvent happened, DateTimeOffset at) =>
        happened with { At = at, SeenAt = at };
}
