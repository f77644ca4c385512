using Vellarys.Accounts.Platform;
using Vellarys.Accounts.Reach;
using Vellarys.Channels.Stops;
using Vellarys.Conversations.Ledger;
using Vellarys.Webhooks.Endpoints;

namespace Vellarys.Onboarding;

/// <summary>A company's first week, from what is stored.</summary>
internal sealed class ReadWatch(
    TenantStore tenants, ListAccountEvents events, ReadTraffic traffic, ChannelStopsStore channels,
    ListEndpoints endpoints)
{
    private const int AllEndpoints = 1_000;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Null when there is no such company.</summary>
    public async Task<WatchReport?> RunAsync(TenantId id, CancellationToken cancellationToken)
    {
        TenantRow? tenant = (await tenants.ListAsync(id.Value, null, 1, cancellationToken)).SingleOrDefault();
        if (tenant is null) return null;
        DateTime from = await events.FirstAsync(id, RunOnboarding.Audit, cancellationToken) ?? tenant.CreatedAt;
        Traffic week = await traffic.RunAsync(id, from, from + Week, cancellationToken);
        IReadOnlyList<ChannelRow> numbers = await channels.ListAsync(id, null, cancellationToken);
        IReadOnlyList<EndpointRow> hooks = await endpoints.RunAsync(id, null, null, AllEndpoints, cancellationToken);
        return new WatchReport
        {
            TenantId = id.Value, Name = tenant.Name, From = from, Until = from + Week,
            MessagesIn = week.MessagesIn, FirstMessageAt = week.FirstMessageAt, MessagesOut = week.MessagesOut,
            CustodyOwed = week.Owed, CustodyCases = week.CustodyCases, FailedDeliveries = week.Failed,
            ChannelsStopped = numbers.Count(c => c.Status == "stopped"),
            ChannelsInDoubt = numbers.Count(c => c.DoubtedAt is not null),
            WebhooksDead = hooks.Sum(h => h.Dead),
        };
    }
}

/// <summary>What the first seven days are watched for.</summary>
internal sealed record WatchReport
{
    public Guid TenantId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The first run of the onboarding; where there was none, when the company was made.</summary>
    public DateTime From { get; init; }

    public DateTime Until { get; init; }

    /// <summary>Messages of customers.</summary>
    public long MessagesIn { get; init; }

    /// <summary>Null: none has come yet, and the provider may not know the way in.</summary>
    public DateTime? FirstMessageAt { get; init; }

    /// <summary>Messages that were sent, whoever wrote them.</summary>
    public long MessagesOut { get; init; }

    /// <summary>The custody balance: customers who are owed an answer now.</summary>
    public long CustodyOwed { get; init; }

    /// <summary>Those of them whom the custody had to see to.</summary>
    public long CustodyCases { get; init; }

    /// <summary>Messages that could not be sent.</summary>
    public long FailedDeliveries { get; init; }

    /// <summary>Channels that stand still now.</summary>
    public long ChannelsStopped { get; init; }

    /// <summary>Channels that were refused once and have sent nothing since.</summary>
    public long ChannelsInDoubt { get; init; }

    /// <summary>Events that the company's own systems did not take.</summary>
    public long WebhooksDead { get; init; }

    /// <summary><c>green</c>; <c>yellow</c> while nothing has come or a number is in doubt; <c>red</c>: somebody must
    /// look.</summary>
    public string State =>
        FailedDeliveries + ChannelsStopped + CustodyCases + WebhooksDead > 0 ? "red"
        : MessagesIn == 0 || ChannelsInDoubt > 0 ? "yellow"
        : "green";
}
