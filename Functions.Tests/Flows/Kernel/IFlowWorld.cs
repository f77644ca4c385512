namespace Vellarys.Tests.Flows.Kernel;

/// <summary>A runner with flows to run, whose hints a test can lose, double and hurry.</summary>
internal interface IFlowWorld : IAsyncDisposable
{
    FlowClock Clock { get; }

    TallyFlow Flow { get; }

    /// <summary>Writes a new flow with its first event, and the hint that goes with it.</summary>
    Task<FlowId> StartAsync(string body);

    Task SignalAsync(FlowId flow, Guid key, string body);

    /// <summary>Delivers every hint that is due, and those that come of it.</summary>
    Task RunAsync();

    /// <summary>Looks at the flow, whether there is a hint or not.</summary>
    Task HintAsync(FlowId flow);

    /// <summary>All hints are gone, those for later too.</summary>
    Task LoseHintsAsync();

    /// <summary>The watch, with no patience; returns how many flows it restarted.</summary>
    Task<int> WatchAsync();

    Task<FlowView> ReadAsync(FlowId flow);
}

/// <param name="Notes">The events that it carried out something for, in order.</param>
internal sealed record FlowView(
    int Sum, int WakeUps, bool Ended, string? Outcome, DateTimeOffset? WakeAt, string? Fault,
    IReadOnlyList<string> Notes);
