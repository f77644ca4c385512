using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ledger;

/// <summary>What came, went and was answered for a tenant in a span of time, from what is stored.</summary>
internal sealed class ReadTraffic(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ReadTraffic>("read-traffic.sql");

    public async Task<Traffic> RunAsync(
        TenantId tenant, DateTime from, DateTime until, CancellationToken cancellationToken) =>
        (await reader.FindAsync<Traffic>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value).With(from).With(until), cancellationToken))!;
}

/// <summary>Counts of a span; the last two are of now.</summary>
internal sealed record Traffic
{
    /// <summary>Messages of customers.</summary>
    public long MessagesIn { get; init; }

    public DateTime? FirstMessageAt { get; init; }

    /// <summary>Messages that were sent, whoever wrote them.</summary>
    public long MessagesOut { get; init; }

    public long Failed { get; init; }

    /// <summary>Sent once more because nobody knew whether they had been.</summary>
    public long Resent { get; init; }

    /// <summary>Turns that the assistant answered.</summary>
    public long Replies { get; init; }

    /// <summary>Turns that ended with a person.</summary>
    public long Handoffs { get; init; }

    public long ModelTokens { get; init; }

    /// <summary>How long half of the answers took to be made at most; null where there was none.</summary>
    public int? AnswerP50Ms { get; init; }

    public int? AnswerP95Ms { get; init; }

    /// <summary>Customers who are owed an answer by the assistant.</summary>
    public long Owed { get; init; }

    /// <summary>Those of them whom the custody had to see to.</summary>
    public long CustodyCases { get; init; }
}
