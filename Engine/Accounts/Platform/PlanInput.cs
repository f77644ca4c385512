using Vellarys.Http;

namespace Vellarys.Accounts.Platform;

/// <summary>A plan: what a company may have. Null is no limit.</summary>
internal sealed record PlanInput
{
    public string? Name { get; set; }

    public int? Channels { get; set; }

    public int? Users { get; set; }

    public long? MessagesPerMonth { get; set; }

    public long? ConversationsPerMonth { get; set; }

    public long? ModelTokensPerMonth { get; set; }

    public IEnumerable<FieldFault> Faults()
    {
        if (TextInput.Fault(Name, 100) is { } name) yield return new FieldFault("name", name);
        (string Field, long? Value)[] limits =
        [
            ("channels", Channels), ("users", Users), ("messagesPerMonth", MessagesPerMonth),
            ("conversationsPerMonth", ConversationsPerMonth), ("modelTokensPerMonth", ModelTokensPerMonth),
        ];
        foreach ((string field, long? value) in limits)
        {
            if (value < 0) yield return new FieldFault(field, "must not be negative; null is no limit");
        }
    }
}
