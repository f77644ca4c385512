namespace Vellarys.Secrets;

/// <summary>
/// Secrets that lie in rows of no channel: the job <c>seal-secrets</c> has them sealed as they are to be, and
/// <c>/health</c> counts them.
/// </summary>
internal interface ISealedSecrets
{
    /// <summary>
    /// Seals what is in plain and what an older master key sealed; how many. What cannot be opened stays, and so does
    /// what changed meanwhile.
    /// </summary>
    Task<int> RenewAsync(CancellationToken cancellationToken);

    Task<SealedFigures> CountAsync(CancellationToken cancellationToken);
}

/// <summary>How secrets lie in the database.</summary>
internal readonly record struct SealedFigures(long InPlain, long OfOlderKeys);
