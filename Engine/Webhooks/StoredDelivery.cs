namespace Vellarys.Webhooks;

/// <summary>An event and the endpoint that is to hear of it, as they stand when the call is made.</summary>
internal sealed record StoredDelivery
{
    public Guid Event { get; init; }

    public string Kind { get; init; } = "";

    public DateTime HappenedAt { get; init; }

    public long Sequence { get; init; }

    /// <summary>JSON without personal data.</summary>
    public string Facts { get; init; } = "{}";

    public Guid? Conversation { get; init; }

    public string State { get; init; } = "";

    public int Attempts { get; init; }

    public string Url { get; init; } = "";

    public bool IsActive { get; init; }

    /// <summary>The one event that its endpoint is tried with while it does not answer; null while it does.</summary>
    public Guid? Trial { get; init; }

    /// <summary>As stored, until the store has opened it; so is the one before.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Null once it signs no more.</summary>
    public string? PreviousSecret { get; init; }

    public bool IncludesText { get; init; }

    public bool IncludesContact { get; init; }

    /// <summary>Null where the endpoint did not ask for it, there is none, or it was taken back.</summary>
    public string? Text { get; init; }

    public string? ContactName { get; init; }

    public string? ContactPhone { get; init; }

    /// <summary>None where none could be opened: then nothing is to be called that could not verify it.</summary>
    public IReadOnlyList<string> Secrets => [.. new[] { Secret, PreviousSecret ?? "" }.Where(s => s.Length > 0)];

    /// <summary>Leaves them out.</summary>
    public override string ToString() => Event.ToString();
}
