namespace Vellarys.Messaging.Admin;

/// <summary>A message that was given up, as it lies there.</summary>
/// <param name="Code">Stable, for grouping.</param>
/// <param name="Reason">For a person; free of personal data, unlike <paramref name="Body"/>.</param>
/// <param name="History">
/// JSON array of <c>{attempt, at, code}</c>, oldest first; a redrive is an entry with attempt 0.
/// </param>
internal sealed record DeadLetter(
    Guid Id,
    string Queue,
    QueuePriority Priority,
    int Attempts,
    TenantId? Tenant,
    string? Subject,
    string Body,
    string Code,
    string Reason,
    string History,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset DiedAt);

/// <summary>Where a page of dead letters ended; the next one begins after it.</summary>
internal sealed record DeadLetterCursor(DateTimeOffset DiedAt, Guid Id);
