namespace Vellarys.Webhooks.Endpoints;

/// <summary>An endpoint as its tenant sees it: without secrets.</summary>
internal sealed record EndpointRow
{
    public Guid Id { get; init; }

    public string Url { get; init; } = "";

    public string Description { get; init; } = "";

    public string[] Events { get; init; } = [];

    public bool IncludesText { get; init; }

    public bool IncludesContact { get; init; }

    public bool Active { get; init; }

    /// <summary><c>staff</c> or <c>failures</c>.</summary>
    public string? DisabledBy { get; init; }

    public DateTime? DisabledAt { get; init; }

    /// <summary>Since when nothing but failures came of it; null while all is well.</summary>
    public DateTime? FailingSince { get; init; }

    public int Failures { get; init; }

    /// <summary>Until when two secrets sign; null while one does.</summary>
    public DateTime? PreviousSecretUntil { get; init; }

    public long Pending { get; init; }

    /// <summary>For its turn: until the endpoint takes what it has, or answers again.</summary>
    public long Waiting { get; init; }

    public long Dead { get; init; }

    public long Held { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
