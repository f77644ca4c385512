using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>What every transport of messages promises. One subclass for each.</summary>
public abstract class QueueContractTests : IAsyncLifetime
{
    private const string Queue = Queues.MessageProcessing;
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly Arrivals _arrivals = new();
    private IQueueTransport _transport = null!;

    private protected abstract Task<IQueueTransport> TransportAsync();

    private protected IMessageQueue Sender => _transport.Sender;

    private protected Arrivals Arrived => _arrivals;

    public async Task InitializeAsync() => _transport = await TransportAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task SendAsync_OneMessage_ArrivesAsItWasSent()
    {
        var arrived = new TaskCompletionSource<ReceivedMessage>();
        await using IQueueProcess process = await StartAsync(d => arrived.SetResult(d));
        QueueMessage sent = Message("{\"v\":1,\"text\":\"olá ☕\"}") with
        {
            Tenant = new TenantId(Ids.New(Time)),
            Subject = "wamid.1",
            Priority = QueuePriority.Urgent,
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };

        await _transport.Sender.SendAsync([sent], default);

        ReceivedMessage received = await arrived.Task.WaitAsync(Arrivals.Patience);
        Assert.Equal(sent, received.Message);
        Assert.Equal((1, 3), (received.Attempt, received.MaxAttempts));
    }

    [Fact]
    public async Task TwoProcesses_ManyMessages_NeverShareOne()
    {
        await using IQueueProcess one = await StartAsync(_arrivals.Add);
        await using IQueueProcess two = await StartAsync(_arrivals.Add);
        List<QueueMessage> sent = Messages(3000);

        await Task.WhenAll(sent.Chunk(10).Select((chunk, i) => (i % 3) switch
        {
            0 => one.Queue.SendAsync(chunk, default),
            1 => two.Queue.SendAsync(chunk, default),
            _ => _transport.Sender.SendAsync(chunk, default),
        }));
        await _arrivals.ReachedAsync(sent.Count);
        await one.StopAsync();
        await two.StopAsync();

        Assert.Equal(sent.Select(m => m.Id), _arrivals.Ids.Order());
    }

    [Fact]
    public async Task Lock_HandlerOutlastsIt_IsRenewed()
    {
        QueueOptions options = new() { LockDuration = TimeSpan.FromMilliseconds(600), MaxConcurrency = 4 };
        var later = new TaskCompletionSource();
        async Task HandleAsync(ReceivedMessage received, CancellationToken stop)
        {
            _arrivals.Add(received);
            if (received.Message.NotBefore is null && received.Message.Subject == "long") await later.Task;
            if (received.Message.Subject == "later") later.TrySetResult();
        }

        await using IQueueProcess one = await _transport.StartAsync(Queue, options, HandleAsync);
        await using IQueueProcess two = await _transport.StartAsync(Queue, options, HandleAsync);
        QueueMessage longOne = Message("{}") with { Subject = "long" };
        QueueMessage laterOne = Message("{}") with { Subject = "later", NotBefore = Time.GetUtcNow().AddSeconds(2.5) };

        await one.Queue.SendAsync([longOne, laterOne], default);
        await later.Task.WaitAsync(Arrivals.Patience);

        Assert.Equal([longOne.Id, laterOne.Id], _arrivals.Ids);
    }

    [Fact]
    public async Task Handler_FailsTwiceThenSucceeds_HasOneEffect()
    {
        var effects = new ConcurrentBag<int>();
        await using IQueueProcess process = await StartAsync(received =>
        {
            if (received.Attempt < 3) throw new TransientFault("busy", "Try again");
            effects.Add(received.Attempt);
            _arrivals.Add(received);
        });

        await _transport.Sender.SendAsync([Message("{}")], default);
        await _arrivals.ReachedAsync(1);
        await process.StopAsync();

        Assert.Equal([3], effects);
        Assert.Empty(await _transport.DeadLettersAsync(Queue));
    }

    [Fact]
    public async Task Handler_FailsOnEveryAttempt_LeavesADeadLetterWithReasonAndHistory()
    {
        await using IQueueProcess process = await StartAsync(received =>
        {
            _arrivals.Add(received);
            if (received.Attempt == 1) throw new TransientFault("timeout", "No answer in 30 s");
            throw new FormatException("secret of a customer");
        });
        QueueMessage sent = Message("{\"v\":1}") with { Subject = "wamid.9" };

        await _transport.Sender.SendAsync([sent], default);
        DeadLetter letter = await DeadLetterAsync();

        Assert.Equal([1, 2, 3], _arrivals.All.Select(a => a.Attempt));
        Assert.Equal((sent.Id, sent.Body, "wamid.9", 3), (letter.Id, letter.Body, letter.Subject, letter.Attempts));
        Assert.Equal("FormatException", letter.Code);
        Assert.Contains("System.FormatException", letter.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", letter.Reason + letter.History, StringComparison.Ordinal);
        Assert.Equal(
            [(1, "timeout"), (2, "FormatException"), (3, "FormatException")],
            History(letter).Select(h => (h.Attempt, h.Code)));
        Assert.All(History(letter), h => Assert.NotEqual(default, h.At));
    }

    [Fact]
    public async Task Handler_PermanentFault_LeavesADeadLetterAtOnce()
    {
        await using IQueueProcess process = await StartAsync(
            _ => throw new PermanentFault("unknown_number", "The number does not exist"));

        await _transport.Sender.SendAsync([Message("{}")], default);
        DeadLetter letter = await DeadLetterAsync();

        Assert.Equal((1, "unknown_number", "The number does not exist"), (letter.Attempts, letter.Code, letter.Reason));
    }

    [Fact]
    public async Task Handler_RetryAfter_WinsOverBackoff()
    {
        QueueOptions options = new() { BackoffBase = TimeSpan.FromHours(100), BackoffCap = TimeSpan.FromHours(100) };
        long? failedAt = null;
        TimeSpan wait = default;
        await using IQueueProcess process = await _transport.StartAsync(Queue, options, (received, _) =>
        {
            if (failedAt is null)
            {
                failedAt = Time.GetTimestamp();
                throw new TransientFault("throttled", "Wait") { RetryAfter = TimeSpan.FromMilliseconds(300) };
            }

            wait = Time.GetElapsedTime(failedAt.Value);
            _arrivals.Add(received);
            return Task.CompletedTask;
        });

        await _transport.Sender.SendAsync([Message("{}")], default);
        await _arrivals.ReachedAsync(1);

        Assert.True(wait >= TimeSpan.FromMilliseconds(300), $"came back after {wait}");
    }

    [Fact]
    public async Task RedriveAsync_TwiceAtOnce_PutsTheMessageBackOnceWithAllAttempts()
    {
        bool isMended = false;
        await using IQueueProcess process = await StartAsync(received =>
        {
            if (!isMended) throw new PermanentFault("broken", "Broken");
            _arrivals.Add(received);
        });
        QueueMessage sent = Message("{\"v\":1}");
        await _transport.Sender.SendAsync([sent], default);
        await DeadLetterAsync();

        isMended = true;
        bool[] redriven = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _transport.RedriveAsync(sent.Id)));
        await _arrivals.ReachedAsync(1);
        await process.StopAsync();

        Assert.Single(redriven, r => r);
        Assert.Equal([(sent.Id, 1, sent.Body)], _arrivals.All);
        Assert.Empty(await _transport.DeadLettersAsync(Queue));
    }

    [Fact]
    public async Task SendAsync_Urgent_OvertakesTheBacklog()
    {
        var release = new TaskCompletionSource();
        QueueOptions options = new() { MaxConcurrency = 1 };
        await using IQueueProcess process = await _transport.StartAsync(Queue, options, async (received, _) =>
        {
            _arrivals.Add(received);
            await release.Task;
        });
        await _transport.Sender.SendAsync([Message("{}")], default);
        await _arrivals.ReachedAsync(1);

        await _transport.Sender.SendAsync(
            [.. Messages(30).Select(m => m with { Priority = QueuePriority.Bulk })], default);
        await _transport.Sender.SendAsync(Messages(30), default);
        QueueMessage urgent = Message("{}") with { Priority = QueuePriority.Urgent };
        await _transport.Sender.SendAsync([urgent], default);
        release.SetResult();
        await _arrivals.ReachedAsync(2);

        Assert.Equal(urgent.Id, _arrivals.All[1].Id);
    }

    [Fact]
    public async Task SendAsync_NotBefore_ArrivesThenAndNotBefore()
    {
        var early = new ConcurrentBag<TimeSpan>();
        await using IQueueProcess process = await StartAsync(received =>
        {
            early.Add(received.Message.Subject is { } due
                ? DateTimeOffset.Parse(due, null, System.Globalization.DateTimeStyles.RoundtripKind) - Time.GetUtcNow()
                : default);
            _arrivals.Add(received);
        });
        List<QueueMessage> sent = [.. Enumerable.Range(1, 20).Select(i => Time.GetUtcNow().AddMilliseconds(i * 100))
            .Select(due => Message("{}") with { NotBefore = due, Subject = due.ToString("o") })];
        QueueMessage far = Message("{}") with { NotBefore = Time.GetUtcNow().AddHours(1) };

        await _transport.Sender.SendAsync([far, .. sent], default);
        await _arrivals.ReachedAsync(sent.Count);

        Assert.All(early, e => Assert.True(e <= TimeSpan.Zero, $"{e} early"));
        // A machine that stood still for a moment starts several at once, in no order.
        Assert.Equal(sent.Select(m => m.Id).Order(), _arrivals.Ids.Order());
    }

    [Fact]
    public async Task SendAsync_SameIdAgain_IsStoredOnce()
    {
        QueueMessage twice = Message("{}");
        QueueMessage last = Message("{}") with { NotBefore = Time.GetUtcNow().AddSeconds(1) };
        await _transport.Sender.SendAsync([twice, twice], default);
        await _transport.Sender.SendAsync([twice], default);
        await _transport.Sender.SendAsync([last], default);

        await using IQueueProcess process = await StartAsync(_arrivals.Add);
        await _arrivals.ReachedAsync(2);

        Assert.Equal([twice.Id, last.Id], _arrivals.Ids);
    }

    [Fact]
    public async Task DeferAsync_MoreOftenThanAttempts_CountsNone()
    {
        await using IQueueProcess process = await _transport.StartAsync(Queue, Quick(), async (received, stop) =>
        {
            _arrivals.Add(received);
            if (_arrivals.All.Count <= 12) await received.DeferAsync(TimeSpan.FromMilliseconds(5), "not yet", stop);
        });

        await _transport.Sender.SendAsync([Message("{}")], default);
        await _arrivals.ReachedAsync(13);
        await process.StopAsync();

        Assert.All(_arrivals.All, a => Assert.Equal(1, a.Attempt));
        Assert.Equal(13, _arrivals.All.Count);
        Assert.Empty(await _transport.DeadLettersAsync(Queue));
    }

    [Fact]
    public async Task DeadLetterAsync_ByTheHandler_KeepsCodeAndReason()
    {
        await using IQueueProcess process = await _transport.StartAsync(
            Queue, Quick(), (received, stop) => received.DeadLetterAsync("refused", "Not ours", stop));

        await _transport.Sender.SendAsync([Message("{}")], default);
        DeadLetter letter = await DeadLetterAsync();

        Assert.Equal(("refused", "Not ours"), (letter.Code, letter.Reason));
    }

    [Fact]
    public async Task Handler_OnePoisonAmongMany_HarmsNobodyElse()
    {
        List<QueueMessage> sent = Messages(200);
        QueueMessage poison = sent[77];
        await using IQueueProcess process = await StartAsync(received =>
        {
            if (received.Message.Id == poison.Id) throw new FormatException();
            _arrivals.Add(received);
        });

        await _transport.Sender.SendAsync(sent, default);
        await _arrivals.ReachedAsync(199);

        Assert.Equal(poison.Id, (await DeadLetterAsync()).Id);
        Assert.Equal(sent.Select(m => m.Id).Except([poison.Id]), _arrivals.Ids.Order());
    }

    [Fact]
    public async Task Kill_HandlersInFlight_TheirMessagesComeAgainElsewhere()
    {
        var never = new TaskCompletionSource();
        var started = new Arrivals();
        IQueueProcess doomed = await StartAsync(async (received, _) =>
        {
            started.Add(received);
            await never.Task;
        });
        List<QueueMessage> sent = Messages(40);
        await doomed.Queue.SendAsync(sent, default);
        await started.ReachedAsync(40);

        await doomed.KillAsync();
        await using IQueueProcess heir = await StartAsync(_arrivals.Add);
        await _arrivals.ReachedAsync(40);
        never.SetResult();

        Assert.Equal(sent.Select(m => m.Id), _arrivals.Ids.Order());
    }

    [Fact]
    public async Task Stop_MessagesNotStarted_AreGivenBackUncounted()
    {
        var release = new TaskCompletionSource();
        QueueOptions one = Quick();
        one.MaxConcurrency = 1;
        IQueueProcess first = await _transport.StartAsync(Queue, one, async (received, _) =>
        {
            _arrivals.Add(received);
            await release.Task;
        });
        List<QueueMessage> sent = Messages(20);
        await first.Queue.SendAsync(sent, default);
        await _arrivals.ReachedAsync(1);

        Task stopped = first.StopAsync();
        release.SetResult();
        await stopped;
        await using IQueueProcess second = await StartAsync(_arrivals.Add);
        await _arrivals.ReachedAsync(20);

        Assert.Equal(sent.Select(m => m.Id), _arrivals.Ids.Order());
        Assert.All(_arrivals.All, a => Assert.Equal(1, a.Attempt));
    }

    [Fact]
    public async Task Handler_BeyondItsTimeLimit_IsCancelledAndItsAttemptFails()
    {
        QueueOptions options = Quick();
        options.HandlerTimeout = TimeSpan.FromMilliseconds(300);
        options.MaxAttempts = 2;
        await using IQueueProcess process = await _transport.StartAsync(Queue, options, async (received, stop) =>
        {
            _arrivals.Add(received);
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, stop);
        });

        await _transport.Sender.SendAsync([Message("{}")], default);
        DeadLetter letter = await DeadLetterAsync();

        Assert.Equal("handler_timeout", letter.Code);
        Assert.Equal([1, 2], _arrivals.All.Select(a => a.Attempt));
    }

    [Fact]
    public async Task Handler_NeverEnds_IsNotStartedBesideItselfAndItsMessageDies()
    {
        QueueOptions options = Quick();
        options.HandlerTimeout = TimeSpan.FromMilliseconds(300);
        options.MaxAttempts = 2;
        using ManualResetEventSlim released = new();
        await using IQueueProcess process = await _transport.StartAsync(Queue, options, (received, _) =>
        {
            _arrivals.Add(received);
            // As a loop without end: no await, no look at the token.
            if (received.Message.Subject == "endless") released.Wait(CancellationToken.None);
            return Task.CompletedTask;
        });
        QueueMessage endless = Message("{}") with { Subject = "endless" };
        QueueMessage other = Message("{}") with { Subject = "other" };

        try
        {
            await _transport.Sender.SendAsync([endless], default);
            await _arrivals.ReachedAsync(1);
            await _transport.Sender.SendAsync([other], default);
            DeadLetter letter = await DeadLetterAsync();
            await _arrivals.ReachedAsync(2);

            Assert.Equal([endless.Id, other.Id], _arrivals.Ids);
            Assert.Equal(["handler_timeout", "still_running"], History(letter).Select(h => h.Code));
        }
        finally
        {
            released.Set();
        }
    }

    [Fact]
    public async Task SendAsync_InsideATrace_IsHandledInThatTrace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Vellarys.Messaging" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        var handledIn = new TaskCompletionSource<ActivityTraceId?>();
        await using IQueueProcess process = await StartAsync(_ => handledIn.SetResult(Activity.Current?.TraceId));

        using Activity sending = source.StartActivity("send")!;
        await _transport.Sender.SendAsync([Message("{}")], default);

        Assert.Equal(sending.TraceId, await handledIn.Task.WaitAsync(Arrivals.Patience));
    }

    private static QueueMessage Message(string body) => new(Queue, Ids.New(Time), body);

    private protected static List<QueueMessage> Messages(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Message($"{{\"v\":1,\"i\":{i}}}"))];

    private static QueueOptions Quick() =>
        new() { BackoffBase = TimeSpan.FromMilliseconds(20), BackoffCap = TimeSpan.FromMilliseconds(100) };

    private static List<(int Attempt, DateTimeOffset At, string Code)> History(DeadLetter letter) =>
        [.. JsonDocument.Parse(letter.History).RootElement.EnumerateArray().Select(e => (
            e.GetProperty("attempt").GetInt32(), e.GetProperty("at").GetDateTimeOffset(),
            e.GetProperty("code").GetString()!))];

    private Task<IQueueProcess> StartAsync(Action<ReceivedMessage> handle) => StartAsync((received, _) =>
    {
        handle(received);
        return Task.CompletedTask;
    });

    private protected Task<IQueueProcess> StartAsync(Func<ReceivedMessage, CancellationToken, Task> handle) =>
        _transport.StartAsync(Queue, Quick(), handle);

    // A dead letter is not announced to anybody, so it is looked for.
    private async Task<DeadLetter> DeadLetterAsync()
    {
        using var patience = new CancellationTokenSource(Arrivals.Patience);
        while (true)
        {
            if (await _transport.DeadLettersAsync(Queue) is [{ } letter]) return letter;
            await Task.Delay(TimeSpan.FromMilliseconds(20), Time, patience.Token);
        }
    }
}
