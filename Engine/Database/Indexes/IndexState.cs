namespace Vellarys.Database.Indexes;

/// <summary>An index as the database has it.</summary>
/// <param name="IsSound">Queries may use it, and writes keep it.</param>
/// <param name="IsBusy">Not sound, and somebody holds its table as a build does.</param>
/// <param name="Parent">The index over partitions that it is a part of.</param>
/// <param name="Scans">How often it was used since statistics were reset.</param>
/// <param name="BloatPercent">An estimate; null where there is none to make.</param>
internal sealed record IndexState(
    string Name, string Table, string? Parent, bool IsSound, bool IsBusy, long Scans, long Bytes, int? BloatPercent);

/// <summary>An index that is not as the migrations make it.</summary>
/// <param name="Kind"><c>missing</c>, <c>invalid</c>, or <c>leftover</c> of a rebuild that broke off.</param>
/// <param name="Statement">What the owner of the tables runs to mend it.</param>
/// <param name="MayBeMended">The index is the product's own, and the statement locks nobody out.</param>
internal sealed record IndexFault(string Name, string Table, string Kind, string Statement, bool MayBeMended);
