using System.Collections.Concurrent;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Conversations;
using Vellarys.Messaging;
using Vellarys.Messaging.Postgres.Sending;
using Vellarys.Realtime;

namespace Vellarys.Tests.Conversations;

/// <summary>The outbox as a plain table: nothing is handed over in memory, settling removes the row.</summary>
internal sealed class TableOutbox : IOutbox
{
    public Reservation Reserve(string queue, int wanted) => new(queue, 0, Guid.Empty, TimeSpan.Zero, null);

    public NpgsqlBatchCommand InsertCommand(IReadOnlyList<QueueMessage> messages, Reservation reservation) =>
        QueueRows.Command(messages, locks: null, Guid.Empty, returning: false);

    public NpgsqlBatchCommand CompleteCommand(IReadOnlyList<ReceivedMessage> received) =>
        new("delete from queue_messages where id = any ($1)")
        {
            Parameters =
            {
                new NpgsqlParameter
                {
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
                    Value = received.Select(d => d.Message.Id).ToArray(),
                },
            },
        };

    public ValueTask CommittedAsync(
        Reservation reservation, IReadOnlyList<QueueMessage> bornLeased, IReadOnlyList<ReceivedMessage> settled)
    {
        foreach (ReceivedMessage received in settled) received.MarkSettled();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tenants and channels from memory, and the rows that go with them.</summary>
internal sealed class FixedDirectory : ITenantDirectory, IChannelDirectory
{
    private readonly List<Tenant> _tenants = [];
    private readonly List<Channel> _channels = [];

    /// <summary>Where a channel's standing is read each time; null: each is active.</summary>
    public NpgsqlDataSource? Live { get; set; }

    public Tenant AddTenant(TenantSettings settings)
    {
        var tenant = new Tenant(
            new TenantId(Ids.New(TimeProvider.System)), "Loja", "pt-BR", "America/Sao_Paulo", settings);
        _tenants.Add(tenant);
        return tenant;
    }

    /// <summary>The tenant as it is from now on.</summary>
    public void Put(Tenant tenant)
    {
        _tenants.RemoveAll(t => t.Id == tenant.Id);
        _tenants.Add(tenant);
    }

    public Channel AddChannel(TenantId tenant)
    {
        var id = new ChannelId(Ids.New(TimeProvider.System));
        Channel channel = new Channel(tenant, id, "scripted", id.ToString(), "token", [], "", true);
        _channels.Add(channel);
        return channel;
    }

    public async Task StoreAsync(NpgsqlDataSource owner)
    {
        await using NpgsqlConnection connection = await owner.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into tenants (id, name) values (@id, @name) on conflict do nothing",
            _tenants.Select(t => new { id = t.Id.Value, name = t.Name }));
        await connection.ExecuteAsync(
            """
            insert into channels (tenant_id, id, kind, address) values (@tenant, @id, @kind, @address)
            on conflict do nothing
            """,
            _channels.Select(
                c => new { tenant = c.Tenant.Value, id = c.Id.Value, kind = c.Kind, address = c.Address }));
    }

    public ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_tenants.Find(t => t.Id == id));

    public ValueTask<IReadOnlyList<Tenant>> AllAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Tenant>>(_tenants);

    public ValueTask<IReadOnlyList<TenantId>> EveryIdAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<TenantId>>([.. _tenants.Select(t => t.Id)]);

    public async ValueTask<Channel?> FindAsync(ChannelId id, CancellationToken cancellationToken)
    {
        Channel? channel = _channels.Find(c => c.Id == id);
        if (channel is null || Live is null) return channel;
        await using NpgsqlConnection connection = await Live.OpenConnectionAsync(cancellationToken);
        (string status, bool inDoubt) = await connection.QuerySingleAsync<(string, bool)>(
            "select status, doubted_at is not null from channels where id = @id", new { id = id.Value });
        return channel with { Active = status == "active", InDoubt = inDoubt };
    }

    public ValueTask<Channel?> FindAsync(string kind, string address, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_channels.Find(c => c.Kind == kind && c.Address == address));

    public void Invalidate()
    {
    }
}

/// <summary>A queue that only remembers what was sent.</summary>
internal sealed class MemoryQueue : IMessageQueue
{
    public List<QueueMessage> Messages { get; } = [];

    public Task SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        Messages.AddRange(messages);
        return Task.CompletedTask;
    }
}

/// <summary>Answers as the test says; remembers what it was given.</summary>
internal sealed class ScriptedAssistant : IAssistant
{
    public ConcurrentQueue<TurnContext> Asked { get; } = new();

    public Func<TurnContext, Task<TurnAnswer>> Answer { get; set; } = _ => Task.FromResult(Plain("Tudo bem!"));

    public static TurnAnswer Plain(
        string reply, HandoffReason? handoff = null, Qualification qualification = Qualification.Unknown,
        bool helped = true) => new(
        reply, "smalltalk", Sentiment.Neutral, qualification, qualification == Qualification.Hot ? 90 : 0,
        new Dictionary<string, string>(), handoff, helped, null, AnswerSource.Model,
        new ModelUsage("scripted", 10, 5, 1, 3));

    public TimeSpan RetryAfter { get; set; }

    public Task<TurnAnswer> AnswerAsync(TurnContext context, CancellationToken cancellationToken)
    {
        Asked.Enqueue(context);
        return Answer(context);
    }
}

/// <summary>The real time and what a test adds to it.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
}

/// <summary>A provider that does what the test says; remembers what it was asked to send.</summary>
internal sealed class ScriptedProvider : IProvider
{
    public ConcurrentQueue<OutboundMessage> Sends { get; } = new();

    public Func<OutboundMessage, Task<SendOutcome>> Outcome { get; set; } =
        m => Task.FromResult<SendOutcome>(new SendOutcome.Sent("out." + m.Id));

    public string Kind => "scripted";

    public bool HasServiceWindow { get; set; }

    /// <summary>What it can send beside text.</summary>
    public OutboundKinds Abilities { get; set; }

    OutboundKinds IProvider.Sends => Abilities;

    /// <summary>Its files, by their reference.</summary>
    public Func<InboundMedia, MediaDownload> Download { get; set; } = _ => new MediaDownload.Gone("none");

    public Task<MediaDownload> DownloadAsync(
        Channel channel, InboundMedia media, CancellationToken cancellationToken) =>
        Task.FromResult(Download(media));

    public SendPace Pace { get; set; } = SendPace.Free;

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) => true;

    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        new([]);

    public ChannelProbe Probe { get; set; } = new ChannelProbe.Accepted();

    public int Probes { get; private set; }

    public Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        Probes++;
        return Task.FromResult(Probe);
    }

    public Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken)
    {
        Sends.Enqueue(message);
        return Outcome(message);
    }

    public ConcurrentQueue<string> Marked { get; } = new();

    public Task MarkReadAsync(Channel channel, string providerMessageId, CancellationToken cancellationToken)
    {
        Marked.Enqueue(providerMessageId);
        return Task.CompletedTask;
    }
}

/// <summary>Breaks off at a named point, as a crash would, but without ending the process.</summary>
internal sealed class ThrowingCrashPoints : ICrashPoints
{
    public string? At { get; set; }

    /// <summary>What else happens at a point.</summary>
    public Action<string> Reached { get; set; } = _ => { };

    public void Reach(string point)
    {
        Reached(point);
        if (point == At) throw new InvalidOperationException("broken off at " + point);
    }
}

internal sealed class SilentRealtime : IRealtime
{
    public void Publish(RealtimeEvent happened)
    {
    }
}

/// <summary>Keeps what is said.</summary>
internal sealed class LineLogger<T> : ILogger<T>
{
    public ConcurrentQueue<(LogLevel Level, string Line)> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Lines.Enqueue((logLevel, formatter(state, exception)));
}
