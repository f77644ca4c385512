using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.Media;
using Vellarys.Channels.Stops;
using Vellarys.Conversations.Answering;
using Vellarys.Conversations.Ledger;
using Vellarys.Conversations.Ownership;
using Vellarys.Conversations.Recording;
using Vellarys.Conversations.Sending;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Survey;
using Vellarys.Http;
using Vellarys.Intake;
using Vellarys.Intake.Unrouted;
using Vellarys.Limits;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Limits;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Conversations;

/// <summary>
/// The use cases of a message's life on a real database, with the queue turned by hand: a test decides what is handed
/// out when, twice, or never.
/// </summary>
internal sealed class Pipeline : IAsyncDisposable
{
    private readonly Dictionary<string, IMessageHandler> _handlers;
    private int _nextEvent;

    private Pipeline(
        TestDatabase database, TenantSettings settings, LimitsOptions limits, IMediaStore files)
    {
        Database = database;
        var pacing = new SendPacing(new LocalLimits(Time), limits, LimitsParts.Metrics, Time);
        Directory = new FixedDirectory();
        Tenant = Directory.AddTenant(settings);
        Channel = Directory.AddChannel(Tenant.Id);
        var outbox = new TableOutbox();
        Stops = new ChannelStops(
            new ChannelStopsStore(App), Directory, [Provider], new WakeWaiting(App, TimeProvider.System),
            new ChannelMetrics(LimitsParts.Meters), StopsLog);
        var store = new AnswerTurnStore(App, outbox, CrashPoints);
        var deliveries = new DeliverMessageStore(App, outbox, CrashPoints, Clock);
        IMessageHandler[] handlers =
        [
            new RecordMessage(
                App, outbox, Directory, Silence, CrashPoints, TimeProvider.System, NullLogger<RecordMessage>.Instance),
            new AnswerTurn(
                store, Directory, new CloseTurn(App, outbox, Directory, [Provider]),
                new ReplyInterceptors(App, outbox, [new SurveyInterceptor()], new SignalFlow(App), TimeProvider.System),
                new StopLoop(App, outbox, limits, TimeProvider.System, NullLogger<StopLoop>.Instance), Assistant,
                new ReadMarks(Directory, [Provider]), Silence, CrashPoints, TimeProvider.System),
            new DeliverMessage(
                deliveries, Directory, [Provider], Directory, pacing, Stops,
                new TellOfFailure(App, Silence, NullLogger<TellOfFailure>.Instance),
                new ComposeMessage(new MediaFiles(
                    new MediaRows(App, new TenantReader(App)), files, links: null,
                    new ApiOptions())), Silence, CrashPoints, Clock),
        ];
        GiveUp = new GiveUpTurn(store, Directory, Silence, TimeProvider.System);
        _handlers = handlers.ToDictionary(h => h.Queue);
        ChangeOwner = new ChangeOwner(App, Silence);
        Outbox = outbox;
    }

    public TestDatabase Database { get; }

    public NpgsqlDataSource App => Database.App;

    public FixedDirectory Directory { get; }

    public Tenant Tenant { get; }

    public Channel Channel { get; }

    public ScriptedAssistant Assistant { get; } = new();

    public ScriptedProvider Provider { get; } = new();

    public ThrowingCrashPoints CrashPoints { get; } = new();

    /// <summary>What paces sends; stands still unless a test moves it.</summary>
    public ManualTime Time { get; } = new();

    /// <summary>By which the age of what waits is reckoned; the database has its own.</summary>
    public ShiftedTime Clock { get; } = new();

    public SilentRealtime Silence { get; } = new();

    public ChangeOwner ChangeOwner { get; }

    public IOutbox Outbox { get; }

    public IDeadLetterHook GiveUp { get; }

    public ChannelStops Stops { get; }

    public LineLogger<ChannelStops> StopsLog { get; } = new();

    public TakeOver TakeOver => new(ChangeOwner);

    public GiveBack GiveBack => new(ChangeOwner);

    public CloseConversation Close => new(ChangeOwner);

    public ReplyAsStaff ReplyAsStaff => new(App, new ServiceWindows([Provider]), Silence, TimeProvider.System);

    public ReconcileTurns ReconcileTurns =>
        new(App, Directory, RouteUnrouted, new CallForSilentPhone(App), TimeProvider.System,
            NullLogger<ReconcileTurns>.Instance);

    public RouteUnrouted RouteUnrouted => new(App, Queued, TimeProvider.System);

    public MemoryQueue Queued { get; } = new();

    public SweepDeliveries SweepDeliveries =>
        new(App, Directory, TimeProvider.System, NullLogger<SweepDeliveries>.Instance);

    public static async Task<Pipeline> StartAsync(
        TenantSettings? settings = null, LimitsOptions? limits = null, IMediaStore? files = null)
    {
        var pipeline = new Pipeline(
            await TestDatabase.CreateAsync(), settings ?? new TenantSettings { QuietMs = 0, ShowsTyping = false },
            limits ?? new LimitsOptions(), files ?? new FileMediaStore(new MediaOptions()));
        await pipeline.Directory.StoreAsync(pipeline.Database.Owner);
        pipeline.Directory.Live = pipeline.Database.Owner;
        return pipeline;
    }

    /// <summary>Works one more queue off.</summary>
    public void Add(IMessageHandler handler) => _handlers.Add(handler.Queue, handler);

    public IMessageHandler Handler(string queue) => _handlers[queue];

    /// <summary>The same, with what follows when one of its messages is given up.</summary>
    public IMessageHandler Hooked(string queue) => new HookedHandler(_handlers[queue], GiveUp);

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>An event of a customer, as the channel would have read it.</summary>
    public InboundEvent Message(string from, string text, string? id = null, Channel? channel = null) => new()
    {
        Tenant = (channel ?? Channel).Tenant.Value,
        Channel = (channel ?? Channel).Id.Value,
        Kind = InboundKind.Message,
        EventId = id ?? $"wamid.{Interlocked.Increment(ref _nextEvent)}",
        ReceivedAt = TimeProvider.System.GetUtcNow(),
        SentAt = TimeProvider.System.GetUtcNow(),
        Address = from,
        Identities = [new IdentityKey("phone", from)],
        ProfileName = "Ana",
        Text = text,
    };

    public Task ReceiveAsync(string from, string text, string? id = null) => RecordAsync(Message(from, text, id));

    public Task RecordAsync(InboundEvent happened) =>
        _handlers[Queues.MessageProcessing].HandleAsync(Envelope(happened), CancellationToken.None);

    public static TestDelivery Envelope(InboundEvent happened) => new(new QueueMessage(
        Queues.MessageProcessing, Ids.New(TimeProvider.System),
        JsonSerializer.Serialize(happened, InboundEventJson.Default.InboundEvent))
    {
        Tenant = new TenantId(happened.Tenant),
        Subject = happened.EventId,
        OrderKey = InboundOrder.KeyOf(happened),
    });

    public Task HandleAsync(TestDelivery delivery) =>
        _handlers[delivery.Message.Queue].HandleAsync(delivery, CancellationToken.None);

    /// <summary>
    /// Hands out every due message of a queue at once, as a consumer would; returns how many there were.
    /// </summary>
    public async Task<int> RunAsync(string queue)
    {
        List<TestDelivery> due = await TakeAsync(queue);
        await Task.WhenAll(due.Select(RunAsync));
        return due.Count;
    }

    /// <summary>Runs both queues until nothing is due any more.</summary>
    public async Task SettleAsync()
    {
        while (await RunAsync(Queues.AiResponse) + await RunAsync(Queues.MessageDelivery) > 0)
        {
        }
    }

    /// <summary>Takes due messages without ending them: what a worker holds when it dies.</summary>
    public async Task<List<TestDelivery>> TakeAsync(string queue)
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        IEnumerable<(Guid Id, string Body)> rows = await owner.QueryAsync<(Guid, string)>(
            """
            select id, body from queue_messages where queue = @queue and due_at <= clock_timestamp()
            order by due_at, id
            """,
            new { queue });
        return [.. rows.Select(r => new TestDelivery(new QueueMessage(queue, r.Id, r.Body)))];
    }

    public async Task RunAsync(TestDelivery delivery)
    {
        try
        {
            await HandleAsync(delivery);
        }
        catch (TransientFault)
        {
            return;
        }

        string sql = delivery.DeferredFor is { } wait
            ? $"update queue_messages set due_at = now() + interval '{(int)wait.TotalMilliseconds} ms' where id = @id"
            : "delete from queue_messages where id = @id";
        await ExecuteAsync(sql, new { id = delivery.Message.Id });
    }

    /// <summary>As if so much time had passed.</summary>
    public Task TravelAsync(TimeSpan time) => ExecuteAsync(
        """
        update conversations set burst_started_at = burst_started_at - @time, last_inbound_at = last_inbound_at - @time,
            window_started_at = window_started_at - @time;
        update queue_messages set due_at = due_at - @time;
        update deliveries set updated_at = updated_at - @time, claimed_at = claimed_at - @time;
        update channels set next_probe_at = next_probe_at - @time, doubted_at = doubted_at - @time;
        update custody_cases set next_redrive_at = next_redrive_at - @time;
        """,
        new { time });

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(sql, parameters);
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        return (await owner.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task<List<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        return [.. await owner.QueryAsync<T>(sql, parameters)];
    }

    public async Task<ConversationId> ConversationAsync() =>
        new(await ScalarAsync<Guid>("select id from conversations order by created_at desc limit 1"));
}

/// <summary>A delivery that remembers what was asked of it.</summary>
internal sealed class TestDelivery(QueueMessage message, int attempt = 1) : ReceivedMessage(message, attempt, 3)
{
    public TimeSpan? DeferredFor { get; private set; }

    public string? DeadLetterCode { get; private set; }

    public override Task DeferAsync(TimeSpan delay, string reason, CancellationToken cancellationToken)
    {
        DeferredFor = delay;
        return Task.CompletedTask;
    }

    public override Task DeadLetterAsync(string code, string reason, CancellationToken cancellationToken)
    {
        DeadLetterCode = code;
        return Task.CompletedTask;
    }
}
