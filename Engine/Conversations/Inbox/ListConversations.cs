using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Inbox;

/// <summary>The conversations of a tenant, the latest active first, a page at a time and in one query.</summary>
internal sealed class ListConversations(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ListConversations>("list-conversations.sql");

    public Task<IReadOnlyList<ConversationRow>> RunAsync(
        TenantId tenant, ConversationFilter filter, CancellationToken cancellationToken) =>
        reader.QueryAsync<ConversationRow>(tenant, Query(tenant, filter), cancellationToken);

    internal static NpgsqlBatchCommand Query(TenantId tenant, ConversationFilter filter) => new NpgsqlBatchCommand(Sql)
        .With(tenant.Value).With(Statuses(filter)).With(filter.AfterAt).With(filter.AfterId).With(filter.Rows)
        .With(filter.Phones).With(filter.Unanswered).With(filter.AnsweredBy).With(filter.Contact)
        .With(filter.Agent).With(filter.Team).With(filter.Channel).OnlyGiven();

    // Those that the other filters leave nothing of are not read.
    private static string[] Statuses(ConversationFilter filter)
    {
        IEnumerable<string> statuses = filter.Statuses ?? ConversationFilter.AllStatuses;
        if (filter.AnsweredBy is not null) statuses = statuses.Where(s => s == "human");
        if (filter.Unanswered is true) statuses = statuses.Where(s => s != "closed");
        return [.. statuses.Distinct()];
    }
}

/// <summary>Which conversations are wanted.</summary>
/// <param name="Statuses">Null: all of them.</param>
/// <param name="Phones">Only whose number is among these canonical ones; null: everybody's.</param>
/// <param name="AfterAt">
/// With <paramref name="AfterId"/> the last row of the page before; null for the first page.
/// </param>
/// <param name="Unanswered">Whether the customer had the last word; null: either.</param>
/// <param name="AnsweredBy">With a person, and this one: <c>phone</c> or <c>staff</c>; null: any.</param>
internal sealed record ConversationFilter(
    string[]? Statuses, string[]? Phones, DateTime? AfterAt, Guid? AfterId, int Rows, bool? Unanswered = null,
    string? AnsweredBy = null)
{
    public static readonly string[] AllStatuses = ["bot", "waiting", "human", "closed"];

    public Guid? Contact { get; init; }

    /// <summary>Who is asked for it, or in charge of it.</summary>
    public Guid? Agent { get; init; }

    public Guid? Team { get; init; }

    public Guid? Channel { get; init; }
}

/// <summary>One conversation in a list.</summary>
internal sealed record ConversationRow
{
    public Guid Id { get; init; }

    public Guid ChannelId { get; init; }

    /// <summary><c>bot</c>, <c>waiting</c>, <c>human</c> or <c>closed</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>
    /// While <c>human</c>: <c>phone</c> when it was taken by writing on the company's phone, else <c>staff</c>.
    /// </summary>
    public string? AnsweredBy { get; init; }

    public int Epoch { get; init; }

    public Guid ContactId { get; init; }

    public string ContactName { get; init; } = "";

    public string? ContactPhone { get; init; }

    /// <summary><c>unknown</c>, <c>cold</c>, <c>warm</c> or <c>hot</c>.</summary>
    public string Qualification { get; init; } = "";

    public short Score { get; init; }

    /// <summary>The assistant owes an answer.</summary>
    public bool Answering { get; init; }

    /// <summary>The customer had the last word, and the conversation is open.</summary>
    public bool Unanswered { get; init; }

    /// <summary><c>cliente</c>, <c>atendente</c>, <c>bot</c>, <c>sistema</c>; null before the first message.</summary>
    public string? LastMessageRole { get; init; }

    public string? LastMessageKind { get; init; }

    /// <summary>The first 200 characters.</summary>
    public string? LastMessageText { get; init; }

    public DateTime LastMessageAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? ClosedAt { get; init; }
}
