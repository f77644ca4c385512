namespace Vellarys.Tests.Simulator;

/// <summary>What came in, told afterwards.</summary>
internal sealed class SimulatorLedger
{
    private readonly Lock _gate = new();
    private readonly List<SimulatedSend> _sends = [];

    public IReadOnlyList<SimulatedSend> Sends
    {
        get
        {
            lock (_gate) return [.. _sends];
        }
    }

    public IReadOnlyList<SimulatedSend> Accepted => [.. Sends.Where(s => s.IsAccepted)];

    /// <summary>How often each code refused one.</summary>
    public IReadOnlyDictionary<int, int> Rejected =>
        Sends.Where(s => !s.IsAccepted).GroupBy(s => s.Refusal).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Accepted beyond the first, by what the sender calls the message.</summary>
    public int Duplicates => Accepted.GroupBy(s => s.Correlation).Sum(g => g.Count() - 1);

    /// <summary>
    /// Duplicates whose earlier send was answered, or reported by a status before the second came: those that a sender
    /// who listens does not make.
    /// </summary>
    public int NeedlessDuplicates => Accepted.GroupBy(s => s.Correlation).Sum(g =>
        g.OrderBy(s => s.Place).Skip(1).Count(later => g.Any(
            s => s.Place < later.Place && (s.IsAnswered || s.ReportedAt < later.At))));

    /// <summary>Accepted sends that the sender heard nothing of, neither by the answer nor by a status.</summary>
    public int Unheard => Accepted.Count(s => !s.IsAnswered && !s.IsReported);

    /// <summary>The most that came in within any second, refused ones too.</summary>
    public int WorstSecond
    {
        get
        {
            TimeSpan[] times = [.. Sends.Select(s => s.At).Order()];
            int worst = 0;
            for (int first = 0, last = 0; last < times.Length; last++)
            {
                while (times[last] - times[first] >= TimeSpan.FromSeconds(1)) first++;
                worst = Math.Max(worst, last - first + 1);
            }

            return worst;
        }
    }

    /// <summary>Accepted sends a second, from the first to the last.</summary>
    public double PerSecond => Accepted is { Count: > 1 } accepted
        ? (accepted.Count - 1) / (accepted[^1].At - accepted[0].At).TotalSeconds
        : 0;

    /// <summary>Customers to whom something came before what <paramref name="before"/> says was first.</summary>
    /// <param name="before">The place of a text in its conversation.</param>
    public int Disordered(Func<string, int> before) => Accepted.GroupBy(s => s.To).Count(g =>
    {
        int[] firsts = [.. g.DistinctBy(s => s.Correlation).Select(s => before(s.Text))];
        return !firsts.SequenceEqual(firsts.Order());
    });

    public SimulatedSend Add(Func<int, SimulatedSend> send)
    {
        lock (_gate)
        {
            SimulatedSend added = send(_sends.Count + 1);
            _sends.Add(added);
            return added;
        }
    }
}
