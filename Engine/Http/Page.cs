namespace Vellarys.Http;

/// <summary>A page of a list.</summary>
/// <param name="Next">Give it back as the cursor parameter for the page that follows; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <param name="rows">One more than <paramref name="limit"/> when there is a next page.</param>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, Cursor> place) => rows.Count <= limit
        ? new Page<T>(rows, null)
        : new Page<T>([.. rows.Take(limit)], place(rows[limit - 1]).ToString());
}

/// <summary>A list that is never long enough for pages.</summary>
internal sealed record Listed<T>(IReadOnlyList<T> Items);
