using System.Text.Json;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;

namespace Vellarys.Tests.Flows.Kernel;

/// <summary>The kernel's rule on plain lists: what a runner does, without a database.</summary>
internal sealed class MemoryFlowWorld : IFlowWorld
{
    private static readonly Tenant Tenant = new(
        new TenantId(Ids.New(TimeProvider.System)), "Loja", "pt-BR", "America/Sao_Paulo", new TenantSettings());

    private readonly Lock _gate = new();
    private readonly Dictionary<FlowId, Kept> _flows = [];
    private List<(FlowId Flow, DateTimeOffset At)> _hints = [];

    public FlowClock Clock { get; } = new();

    public TallyFlow Flow { get; } = new();

    public Task<FlowId> StartAsync(string body)
    {
        var id = new FlowId(Ids.New(TimeProvider.System));
        lock (_gate)
        {
            _flows[id] = new Kept(new FlowRow(
                id, Flow.Name, new ConversationId(Guid.Empty), Guid.Empty, null, 0, FlowListens.Nothing, null, false));
        }

        return SignalAsync(id, Ids.New(TimeProvider.System), body).ContinueWith(_ => id, TaskScheduler.Default);
    }

    public Task SignalAsync(FlowId flow, Guid key, string body)
    {
        lock (_gate)
        {
            Kept kept = _flows[flow];
            if (!kept.Row.Ended && kept.Keys.Add(key))
                kept.Unseen.Add(new FlowSignal(key, body, Clock.GetUtcNow()));
            _hints.Add((flow, Clock.GetUtcNow()));
        }

        return Task.CompletedTask;
    }

    public async Task RunAsync()
    {
        while (Take() is { } flow) await HintAsync(flow);
    }

    public Task HintAsync(FlowId flow)
    {
        lock (_gate)
        {
            Kept kept = _flows[flow];
            bool isDue = kept.Row is { Ended: false, WakeAt: { } at } && at <= Clock.GetUtcNow();
            if (kept.Unseen.Count == 0 && !isDue) return Task.CompletedTask;
            try
            {
                Advance(kept);
            }
            catch (PermanentFault e)
            {
                kept.Fault = e.Code;
            }
        }

        return Task.CompletedTask;
    }

    public Task LoseHintsAsync()
    {
        lock (_gate) _hints = [];
        return Task.CompletedTask;
    }

    public Task<int> WatchAsync()
    {
        lock (_gate)
        {
            List<Kept> still =
            [
                .. _flows.Values.Where(k => !k.Row.Ended && (k.Unseen.Count > 0 || k.Row.WakeAt <= Clock.GetUtcNow())),
            ];
            _hints.AddRange(still.Select(k => (k.Row.Id, Clock.GetUtcNow())));
            return Task.FromResult(still.Count);
        }
    }

    public Task<FlowView> ReadAsync(FlowId flow)
    {
        lock (_gate)
        {
            Kept kept = _flows[flow];
            int[] state = kept.Row.State is null ? [0, 0] : JsonSerializer.Deserialize<int[]>(kept.Row.State)!;
            return Task.FromResult(new FlowView(
                state[0], state[1], kept.Row.Ended, kept.Outcome, kept.Row.WakeAt, kept.Fault, [.. kept.Notes]));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Advance(Kept kept)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        FlowAdvance advance = FlowMachine.Run(Flow, kept.Row, kept.Unseen, now, Ids.New(TimeProvider.System), Tenant);
        using var batch = new NpgsqlBatch();
        var effects = new FlowEffects(kept.Row, Tenant, now, batch, Clock);
        foreach (FlowCommand command in advance.Commands) Flow.CarryOut(command, effects);
        kept.Notes.AddRange(effects.Messages.Select(m => m.Body));
        (kept.Row, kept.Outcome, kept.Fault) = (advance.Row, advance.Outcome ?? kept.Outcome, null);
        kept.Unseen.Clear();
        if (advance.Row.WakeAt is { } wake) _hints.Add((kept.Row.Id, wake));
    }

    private FlowId? Take()
    {
        lock (_gate)
        {
            int i = _hints.FindIndex(h => h.At <= Clock.GetUtcNow());
            if (i < 0) return null;
            FlowId flow = _hints[i].Flow;
            _hints.RemoveAt(i);
            return flow;
        }
    }

    private sealed class Kept(FlowRow row)
    {
        public FlowRow Row { get; set; } = row;

        public List<FlowSignal> Unseen { get; } = [];

        public HashSet<Guid> Keys { get; } = [];

        public List<string> Notes { get; } = [];

        public string? Outcome { get; set; }

        public string? Fault { get; set; }
    }
}

public sealed class MemoryFlowRunnerTests : FlowRunnerContractTests
{
    internal override Task<IFlowWorld> OpenAsync() => Task.FromResult<IFlowWorld>(new MemoryFlowWorld());
}
