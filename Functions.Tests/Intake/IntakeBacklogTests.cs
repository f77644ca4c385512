using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Intake;
using Vellarys.Messaging;
using Vellarys.Tests.Channels;
using Xunit;

namespace Vellarys.Tests.Intake;

/// <summary>A tenant with too much waiting is put off at the door; nobody else is.</summary>
public sealed class IntakeBacklogTests
{
    private static readonly TenantId Full = new(Ids.New(TimeProvider.System));
    private static readonly TenantId Quiet = new(Ids.New(TimeProvider.System));
    private readonly Waiting _waiting = new();

    [Fact]
    public void Refuses_MoreThanTheLimitCameIn_PutsOffThatTenantOnlyUntilItIsWorkedOff()
    {
        IntakeBacklog backlog = Create(10);
        _waiting.Count = 11;
        backlog.Add(Messages(Full, 11));

        // The first look begins a count; the estimate decides meanwhile.
        Assert.Equal(TimeSpan.FromSeconds(30), backlog.Refuses(Messages(Full, 1)));
        Assert.Equal(TimeSpan.FromSeconds(30), backlog.Refuses(Messages(Full, 1)));
        Assert.Null(backlog.Refuses(Messages(Quiet, 1)));
        Assert.Null(backlog.Refuses([.. Messages(Full, 1), .. Messages(Quiet, 1)]));
        Assert.True(backlog.IsShort);
    }

    [Fact]
    public void Refuses_CountSaysThatMostIsDone_TakesMore()
    {
        IntakeBacklog backlog = Create(10);
        _waiting.Count = 3;
        backlog.Add(Messages(Full, 11));
        backlog.Refuses(Messages(Full, 1));

        Assert.Null(backlog.Refuses(Messages(Full, 1)));
        Assert.Equal(1, _waiting.Asked);
    }

    [Fact]
    public void Refuses_QuietTenant_IsNeverCounted()
    {
        IntakeBacklog backlog = Create(100);
        backlog.Add(Messages(Quiet, 50));
        Assert.Null(backlog.Refuses(Messages(Quiet, 1)));
        Assert.Equal(0, _waiting.Asked);
    }

    [Fact]
    public async Task Post_BeyondTheLimit_IsToBeSentAgainAndNothingIsQueued()
    {
        _waiting.Count = 2;
        await using AcceptWebhookHost host = await AcceptWebhookHost.StartAsync(services => services
            .AddSingleton(new IntakeOptions { MaxBacklog = 1 }).AddSingleton<ITenantBacklog>(_waiting));
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage taken = await host.PostAsync(Payloads.Read("01-text.json"));
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }

        using HttpResponseMessage answer = await host.PostAsync(Payloads.Read("01-text.json"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(2, host.Queued.Count);
    }

    private IntakeBacklog Create(int most) => new(
        new IntakeOptions { MaxBacklog = most }, _waiting, TimeProvider.System, NullLogger<IntakeBacklog>.Instance);

    private static List<QueueMessage> Messages(TenantId tenant, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
            new QueueMessage(Queues.MessageProcessing, Ids.New(TimeProvider.System), "{}") { Tenant = tenant }),
    ];

    private sealed class Waiting : ITenantBacklog
    {
        public long Count { get; set; }

        public int Asked { get; private set; }

        public Task<long> CountAsync(TenantId tenant, int atMost, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(Count);
        }
    }
}
