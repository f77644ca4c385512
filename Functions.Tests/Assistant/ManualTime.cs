namespace Vellarys.Tests.Assistant;

/// <summary>A clock that moves only when told to, with timers that fire on the way.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset until = GetUtcNow() + by;
        while (Next(until) is { } timer) timer.Fire();
        lock (_gate) _now = until;
    }

    /// <summary>Moves to each timer in turn until the task has ended: for code that waits and retries.</summary>
    public async Task RunAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            ManualTimer? next;
            lock (_gate) next = _timers.Where(t => t.Due is not null).MinBy(t => t.Due);
            if (next?.Due is { } due && due - GetUtcNow() < TimeSpan.FromSeconds(20)) Advance(due - GetUtcNow());
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System));
        }
    }

    /// <summary>Waits until that many timers are pending.</summary>
    public async Task PendingAsync(int count)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_timers.Count(t => t.Due is not null) >= count) return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private ManualTimer? Next(DateTimeOffset until)
    {
        lock (_gate)
        {
            ManualTimer? next = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
            if (next?.Due > _now) _now = next.Due.Value;
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime owner, Action callback) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : owner._now + dueTime;
                if (!owner._timers.Contains(this)) owner._timers.Add(this);
                return true;
            }
        }

        public void Fire()
        {
            lock (owner._gate) Due = _period > TimeSpan.Zero ? owner._now + _period : null;
            callback();
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                Due = null;
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
