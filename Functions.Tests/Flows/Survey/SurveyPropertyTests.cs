using Vellarys.Flows.Kernel;
using Vellarys.Flows.Survey;
using Xunit;
using static Vellarys.Flows.Survey.SurveyCommand;

namespace Vellarys.Tests.Flows.Survey;

/// <summary>Whatever happens, in whatever order and however often: what a survey never does.</summary>
public sealed class SurveyPropertyTests
{
    private const int Runs = 5_000;

    [Fact]
    public void AnySequence_OfAllEvents_EndsOnceAndSaysNothingTwice()
    {
        for (int seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            var run = new Run(Policy(random), seed);
            foreach (SurveyEvent happened in Sequence(random)) run.Apply(happened);
            run.Apply(Samples.Closed());
            // Each wake-up that it asks for comes, some of them late.
            for (int i = 0; i < 4 && !run.HasEnded; i++)
                run.Apply(Samples.Woke(run.WakeAt!.Value.AddMinutes(random.Next(3) * 600)));
            run.CheckEnded();
            foreach (SurveyEvent late in Sequence(random)) run.Apply(late);
            run.CheckEnded();
        }
    }

    private static SurveyPolicy Policy(Random random) => random.Next(4) switch
    {
        0 => Samples.WithTemplate,
        1 => Samples.Nps with { Kind = SurveyKind.Csat },
        2 => Samples.Off,
        _ => Samples.Nps,
    };

    /// <summary>Mostly from the start, in no order of time, many twice.</summary>
    private static IEnumerable<SurveyEvent> Sequence(Random random)
    {
        SurveyEvent[] all = [.. Samples.Events];
        if (random.Next(5) > 0) yield return Samples.Closed();
        for (int left = random.Next(12); left > 0; left--)
        {
            SurveyEvent happened = all[random.Next(all.Length)];
            if (happened is SurveyEvent.Cancelled && random.Next(3) > 0) continue;
            happened = happened with { At = happened.At.AddMinutes(random.Next(-60, 3_600)) };
            yield return happened;
            if (random.Next(3) == 0) yield return happened;
        }
    }

    private sealed class Run(SurveyPolicy policy, int seed)
    {
        private readonly List<FlowCommand> _commands = [];
        private SurveyState _state = new SurveyState.Unstarted();

        public bool HasEnded => _state is SurveyState.Ended;

        public DateTimeOffset? WakeAt => _commands.OfType<WakeAt>().LastOrDefault()?.At;

        public void Apply(SurveyEvent happened)
        {
            (SurveyState before, bool ended) = (_state, HasEnded);
            Step<SurveyState> step = SurveyFlow.On(_state, happened, policy);
            if (ended && (step.State != before || step.Commands.Count > 0)) Fail($"lives on after {happened}");
            _state = step.State;
            _commands.AddRange(step.Commands);
            AtMost<AskScore>(1);
            AtMost<AskWhy>(1);
            AtMost<Thank>(1);
            AtMost<CloseSurveyTalk>(1);
            AtMost<StoreAnswer>(2);
            if (_commands.Any(c => c is StoreAnswer or Thank) && !_commands.OfType<AskScore>().Any())
                Fail("takes answers to no question");
            if (step.State is SurveyState.Ended != _commands.OfType<End>().Any()) Fail("ends without saying so");
        }

        public void CheckEnded()
        {
            if (!HasEnded) Fail("does not end");
            if (_commands.OfType<End>().Count() != 1) Fail("ends twice");
        }

        private void AtMost<T>(int times)
        {
            if (_commands.OfType<T>().Count() > times) Fail($"issues {typeof(T).Name} too often");
        }

        private void Fail(string what) => Assert.Fail($"Seed {seed}: {what}. It stands at {_state}.");
    }
}
