using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Vellarys.Assistant;
using Vellarys.Assistant.Guard;

namespace Vellarys.Benchmarks;

/// <summary>
/// What the inspection of a text costs: <c>patterns</c> prints microseconds for the guard and for the offline
/// assistant, on ordinary and on hostile texts of 500 and 4,096 characters and on a burst of 64 of the longest, and the
/// memory that the patterns hold afterwards.
/// </summary>
internal static class PatternBench
{
    private const int Rounds = 15;
    private const int WarmUps = 60;

    // What each is meant to hurt: nested and overlapping repetitions, gaps, lines, folding.
    private static readonly (string Name, string Part)[] Texts =
    [
        ("ordinary", "oi, queria saber o preço do sofá de três lugares e se vocês entregam no sábado de manhã. "),
        ("greetings", "is anyone there "), ("thanks", "agradeca"), ("orders", "tell your ignore "),
        ("gaps", "i am do you are "), ("longWord", "ignor"), ("tags", "<user "), ("lines", "\n"),
        ("transcript", "user: a\n"), ("figures", "1."),
        ("spaced", "a b c d "), ("base64", "aGVs"), ("marks", "\u0301\u0316"),
    ];

    public static void Run()
    {
        Patterns.LimitAll();
        for (int round = 0; round < WarmUps; round++)
        {
            foreach ((_, string part) in Texts)
            {
                TurnGuard.InspectInput(Repeated(part, 500));
                OfflineAssistant.Answer(Turn(Repeated(part, 500)));
            }
        }

        foreach ((string name, string part) in Texts)
        {
            string half = Repeated(part, 500), longest = Repeated(part, 4_096);
            string burst = string.Join('\n', Enumerable.Repeat(longest, 64));
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["text"] = name,
                ["guard500"] = Microseconds(() => TurnGuard.InspectInput(half)),
                ["guard4096"] = Microseconds(() => TurnGuard.InspectInput(longest)),
                ["guardBurst"] = Microseconds(() => TurnGuard.InspectInput(burst)),
                ["offline4096"] = Microseconds(() => OfflineAssistant.Answer(Turn(longest))),
                ["offlineBurst"] = Microseconds(() => OfflineAssistant.Answer(Turn(burst))),
            }));
        }

        Console.WriteLine($"{{\"heapMb\":{GC.GetTotalMemory(forceFullCollection: true) / 1_000_000}}}");
    }

    // The quickest of several: what others on the machine cost is not the text's.
    private static long Microseconds(Action inspect)
    {
        TimeSpan least = TimeSpan.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            inspect();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            if (took < least) least = took;
        }

        return (long)least.TotalMicroseconds;
    }

    private static string Repeated(string part, int length)
    {
        StringBuilder text = new(length + part.Length);
        while (text.Length < length) text.Append(part);
        return text.ToString(0, length);
    }

    private static TurnContext Turn(string text) => new(
        new TenantId(Guid.Empty), new ConversationId(Guid.Empty), "Loja", "", "pt-BR", "Ana", Summary: null,
        [new TurnLine(TurnSpeaker.Customer, text, Unanswered: true)], [], WantsSummary: false, FailedAttempts: 0,
        MaxFailedAttempts: 3, LastAttempt: false);
}
