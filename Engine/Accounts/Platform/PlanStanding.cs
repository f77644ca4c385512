namespace Vellarys.Accounts.Platform;

/// <summary>How far a tenant is with what its plan allows for a month.</summary>
internal sealed record PlanStanding
{
    /// <summary>Percent of an amount from which on staff is warned.</summary>
    public const int WarnedAt = 80;

    private const int Full = 100;

    /// <summary>The first day of the month, by the tenant's clock.</summary>
    public DateOnly Month { get; init; }

    /// <summary>From when on: when the month began, or up to where it was counted.</summary>
    public DateTime From { get; init; }

    /// <summary>Of the plan; null where the tenant has none.</summary>
    public string? PlanName { get; init; }

    public long Messages { get; init; }

    public long Conversations { get; init; }

    public long ModelTokens { get; init; }

    public long? MessagesLimit { get; init; }

    public long? ConversationsLimit { get; init; }

    public long? ModelTokensLimit { get; init; }

    public long Channels { get; init; }

    public long Users { get; init; }

    public int? ChannelsLimit { get; init; }

    public int? UsersLimit { get; init; }

    /// <summary>Of what staff was told already.</summary>
    public string[] Told { get; init; } = [];

    /// <summary>The amounts of a month.</summary>
    public IEnumerable<PlanAmount> Amounts =>
    [
        new(PlanAmounts.Messages, Messages, MessagesLimit),
        new(PlanAmounts.Conversations, Conversations, ConversationsLimit),
        new(PlanAmounts.ModelTokens, ModelTokens, ModelTokensLimit),
    ];

    /// <summary>What is used up.</summary>
    public string[] Reached => [.. Amounts.Where(a => a.Percent >= Full).Select(a => a.Name)];

    /// <summary>What staff is to hear of now: of each amount the highest mark that it has reached, once.</summary>
    public IEnumerable<PlanMark> Marks =>
        from amount in Amounts
        let at = amount.Percent >= Full ? Full : amount.Percent >= WarnedAt ? WarnedAt : 0
        where at > 0
        let mark = new PlanMark(amount, at)
        where !Told.Contains(mark.Key)
        select mark;
}

/// <summary>One of them.</summary>
/// <param name="Limit">Null: none.</param>
internal sealed record PlanAmount(string Name, long Used, long? Limit)
{
    /// <summary>Of the limit; null without one. Nothing is allowed: it is used up.</summary>
    public int? Percent => Limit is not { } limit ? null
        : limit <= 0 ? 100
        : (int)Math.Min(1_000, Used * 100 / limit);
}

/// <summary>That an amount has reached so much of its limit.</summary>
internal sealed record PlanMark(PlanAmount Amount, int Percent)
{
    /// <summary>A limit that was raised is another one: staff hears of it again.</summary>
    public string Key => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Amount.Name}:{Percent}:{Amount.Limit}");
}
