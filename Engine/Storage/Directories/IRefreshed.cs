namespace Vellarys.Storage.Directories;

/// <summary>Keeps a copy of rows that <see cref="DirectoryRefresh"/> renews.</summary>
internal interface IRefreshed
{
    /// <summary>Whose changes it wants to hear of.</summary>
    string Table { get; }

    /// <summary>The next look waits for a fresh copy.</summary>
    void Invalidate();

    /// <exception cref="TransientFault">The database is away; the old copy stays.</exception>
    Task RefreshAsync();
}
