namespace Vellarys.Flows.Kernel;

/// <summary>
/// Work that flows ask for and that belongs to no single one of them, such as sharing out a queue. Carried by
/// <c>flow-events</c>; may run twice, and more than one at a time.
/// </summary>
internal interface IFlowTask
{
    /// <summary>As in the message's <c>errand</c>.</summary>
    string Name { get; }

    /// <param name="argument">The message's <c>argument</c>, if any.</param>
    Task RunAsync(TenantId tenant, string? argument, CancellationToken cancellationToken);
}
