using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Accounts;
using Vellarys.Conversations.Sending;
using Vellarys.Flows.Campaign;
using Vellarys.Flows.Campaign.Planning;
using Vellarys.Limits;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Limits;

namespace Vellarys.Tests.Flows.Campaign;

/// <summary>Campaigns on a real database, their queue turned by hand and their clock moved by the test.</summary>
internal sealed class CampaignStage : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private int _contacts;

    private CampaignStage(Pipeline pipeline)
    {
        Pipeline = pipeline;
        pipeline.Provider.HasServiceWindow = true;
        Run = new RunCampaign(
            new CampaignStore(pipeline.App, pipeline.CrashPoints, TimeProvider.System), pipeline.Directory,
            pipeline.Directory, [pipeline.Provider],
            new SendPacing(new LocalLimits(pipeline.Time), new LimitsOptions(), LimitsParts.Metrics, pipeline.Time),
            pipeline.Clock, NullLogger<RunCampaign>.Instance);
        pipeline.Add(Run);
    }

    public Pipeline Pipeline { get; }

    public RunCampaign Run { get; }

    public CreateCampaign Create =>
        new(Pipeline.App, Pipeline.Directory, [Pipeline.Provider], TimeProvider.System);

    public PreviewCampaign Preview => new(Pipeline.App, Create, Pipeline.Directory);

    public SteerCampaign Steer => new(Pipeline.App);

    public TestCampaign Test => new(Pipeline.App, Pipeline.Directory, TimeProvider.System);

    public ListCampaigns List => new(new TenantReader(Pipeline.App), Pipeline.Directory);

    public TenantId Tenant => Pipeline.Tenant.Id;

    public static async Task<CampaignStage> OpenAsync(CampaignSettings? settings = null) => new(
        await Pipeline.StartAsync(new TenantSettings
        {
            QuietMs = 0,
            ShowsTyping = false,
            Campaigns = settings ?? new CampaignSettings(),
        }));

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();

    public async Task<Guid[]> ContactsAsync(int count)
    {
        Guid[] ids = [.. Enumerable.Range(0, count).Select(_ => Ids.New(TimeProvider.System))];
        string[] phones = [.. ids.Select(_ => $"55119{_contacts++:00000000}")];
        await Pipeline.ExecuteAsync(
            """
            insert into contacts (tenant_id, id, name, phone)
            select @tenant, i.id, 'Cliente ' || i.phone, i.phone from unnest(@ids, @phones) as i (id, phone);
            insert into identities (tenant_id, kind, value, contact_id)
            select @tenant, 'phone', i.phone, i.id from unnest(@ids, @phones) as i (id, phone);
            """,
            new { tenant = Tenant.Value, ids, phones });
        return ids;
    }

    public static NewCampaign Of(Guid[] contacts, params CampaignVariant[] variants) => new(
        "Natal", null, variants.Length > 0 ? variants : [Promo()], 0, 0, 0, 10, true, null) { Contacts = contacts };

    public static CampaignVariant Promo(string template = "promo", string? fallback = null) => new()
    {
        Template = template,
        Language = "pt_BR",
        Category = "marketing",
        Text = "Oi {{1}}!",
        Parameters = [new() { Field = "name", Fallback = fallback }],
    };

    public async Task<Guid> StartAsync(NewCampaign campaign) =>
        ((CampaignCreation.Made)await Create.RunAsync(Tenant, campaign, CancellationToken.None)).Id;

    /// <summary>Time goes on, and everything that is due is done, until nobody looks after a campaign.</summary>
    public async Task FinishAsync()
    {
        for (int i = 0; i < 1_000; i++)
        {
            await StepAsync();
            if (await Pipeline.ScalarAsync<long>(
                "select count(*) from queue_messages where queue in ('campaign-delivery', 'message-delivery')") == 0)
                return;
            await PassAsync(Tick);
        }

        throw new InvalidOperationException("The campaign does not end.");
    }

    public async Task StepAsync()
    {
        await Pipeline.RunAsync(Queues.CampaignDelivery);
        await Pipeline.SettleAsync();
    }

    public async Task PassAsync(TimeSpan time)
    {
        await Pipeline.TravelAsync(time);
        Pipeline.Clock.Ahead += time;
        Pipeline.Time.Advance(time);
    }

    public async Task<CampaignDetail> ReadAsync(Guid id) =>
        (await List.FindAsync(Tenant, id, CancellationToken.None))!;

    public Task OptOutAsync(Guid contact) => Pipeline.ExecuteAsync(
        "update contacts set opted_out_at = now() where id = @contact", new { contact });

    public IEnumerable<string> SentTo => Pipeline.Provider.Sends.Select(s => s.To);
}
