using Vellarys.Accounts;

namespace Vellarys.Flows.Handoff.Dispatch;

/// <summary>One handoff that looks for a person.</summary>
/// <param name="For">Only this person; null for any.</param>
internal sealed record HandoffRequest(
    Guid Flow, Guid Conversation, Guid? Team, Guid? For, string? Skill, bool Supervisor, IReadOnlyList<Guid> Excluded,
    bool ToldBusy);

/// <summary>One person who is there.</summary>
/// <param name="Load">Conversations offered to or answered by them.</param>
/// <param name="LastOfferedAt">The longest idle goes first.</param>
/// <param name="Hours">Their own, or the tenant's.</param>
internal sealed record AvailableAgent(
    Guid Id, bool IsSupervisor, int Capacity, int Load, DateTimeOffset LastOfferedAt, IReadOnlyList<string> Skills,
    IReadOnlyList<Guid> Teams, WorkingHours Hours);

/// <summary>Who is to be asked for which handoff.</summary>
internal sealed record Pick(HandoffRequest Request, Guid Agent);

/// <summary>
/// Chooses persons for the queue, in its order: by team, skill, hours and capacity, then the least loaded, then whoever
/// was asked the longest ago. Pure; the caller sees to it that nobody else chooses at the same time.
/// </summary>
internal static class Assignment
{
    public static IReadOnlyList<Pick> Match(
        IReadOnlyList<HandoffRequest> queue, IReadOnlyList<AvailableAgent> agents, DateTimeOffset now)
    {
        Place[] free =
        [
            .. agents.Where(a => a.Load < a.Capacity && a.Hours.IsOpen(now))
                .Select(a => new Place(a)),
        ];
        var picks = new List<Pick>();
        int round = 0;
        foreach (HandoffRequest request in queue)
        {
            Place? best = free.Where(p => p.HasRoom && Suits(p.Agent, request))
                .OrderBy(p => p.Agent.IsSupervisor != request.Supervisor).ThenBy(p => p.Order).FirstOrDefault();
            if (best is null) continue;
            picks.Add(new Pick(request, best.Agent.Id));
            best.Take(++round);
        }

        return picks;
    }

    /// <summary>How many could serve it at all, busy or not.</summary>
    public static int Suitable(HandoffRequest request, IReadOnlyList<AvailableAgent> agents, DateTimeOffset now) =>
        agents.Count(a => a.Hours.IsOpen(now) && Suits(a, request));

    private static bool Suits(AvailableAgent agent, HandoffRequest request) =>
        request.For is { } named
            ? agent.Id == named
            : !request.Excluded.Contains(agent.Id) && Knows(agent, request);

    // A supervisor steps in for anybody, once it has come to that.
    private static bool Knows(AvailableAgent agent, HandoffRequest request) =>
        agent.IsSupervisor
            ? request.Supervisor
            : (request.Team is not { } team || agent.Teams.Contains(team))
                && (request.Skill is not { } skill || agent.Skills.Contains(skill, StringComparer.OrdinalIgnoreCase));

    private sealed class Place(AvailableAgent agent)
    {
        private int _load = agent.Load;
        private int _round;

        public AvailableAgent Agent { get; } = agent;

        public bool HasRoom => _load < Agent.Capacity;

        public (int Load, int Round, DateTimeOffset Last, Guid Id) Order =>
            (_load, _round, Agent.LastOfferedAt, Agent.Id);

        public void Take(int round)
        {
            _load++;
            _round = round;
        }
    }
}
