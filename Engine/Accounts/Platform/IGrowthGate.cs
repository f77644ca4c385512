namespace Vellarys.Accounts.Platform;

/// <summary>Whether the installation is in a state to take another company.</summary>
internal interface IGrowthGate
{
    /// <summary>What is red, with what to do about it; none where nothing is.</summary>
    Task<IReadOnlyList<(string Check, string Action)>> RedsAsync(CancellationToken cancellationToken);
}
