namespace Vellarys.Storage.Directories;

/// <summary>Keeps a copy of rows that <see cref="DirectoryRefresh"/> renews.</summary>
internal interface IRefreshed
{
    /// <exception cref="TransientFault">The database is away; the old copy stays.</exception>
    Task RefreshAsync();
}
