namespace Vellarys.Tests.Simulator;

/// <summary>One send as it came in.</summary>
/// <param name="Place">In the order of arrival, of all.</param>
/// <param name="Correlation">What the sender has statuses return.</param>
/// <param name="At">Since the simulator began.</param>
/// <param name="Refusal">The code that it was refused with; 0 when it was accepted.</param>
internal sealed record SimulatedSend(
    int Place, string Id, string To, string Text, string Type, string Correlation, TimeSpan At, int Refusal)
{
    /// <summary>It was accepted, and the sender was told so.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>A status of it was taken by the sender's webhook.</summary>
    public bool IsReported { get; set; }

    /// <summary>When that was.</summary>
    public TimeSpan? ReportedAt { get; set; }

    public bool IsAccepted => Refusal == 0;
}
