using System.Collections.Concurrent;

namespace Vellarys.Conversations.Sending;

/// <summary>
/// What this process has on its way for a number, and sent lately. The limits space sends evenly, but a busy machine
/// lets some leave late and together: the provider counts those that came, so what leaves is counted here once more.
/// </summary>
internal sealed class SendWindow(TimeProvider time)
{
    /// <summary>Requests of one number at a time.</summary>
    public const int MostAtOnce = 10;

    /// <summary>
    /// What took longer than the quickest may have been held up on its way there, and counts at the provider from when
    /// it came. Beyond this it is the provider that took its time.
    /// </summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<ChannelId, Number> _numbers = new();
    private readonly long _start = time.GetTimestamp();

    /// <summary>How many of the number's sends are on their way.</summary>
    public int Running(ChannelId number) => _numbers.TryGetValue(number, out Number? known) ? known.Running : 0;

    /// <summary>
    /// A place among what the number may send in any such stretch of time, to be disposed of once the send was
    /// answered; null when none came free in time.
    /// </summary>
    public async ValueTask<IDisposable?> EnterAsync(
        ChannelId number, int limit, TimeSpan period, TimeSpan patience, CancellationToken cancellationToken)
    {
        Number state = _numbers.GetOrAdd(number, _ => new Number(this));
        TimeSpan end = Now + patience;
        while (true)
        {
            (TimeSpan wait, Task freed) = state.Enter(limit, period);
            if (wait == TimeSpan.Zero) return new Slot(state, Now, period);
            TimeSpan left = end - Now;
            if (left <= TimeSpan.Zero) return null;
            Task sleep = Task.Delay(wait < left ? wait : left, time, cancellationToken);
            if (await Task.WhenAny(freed, sleep) == sleep) await sleep;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    private sealed class Number(SendWindow window)
    {
        private readonly Lock _gate = new();
        private readonly Queue<TimeSpan> _free = new();
        private TaskCompletionSource _freed = NewSource();
        private TimeSpan? _quickest;

        public int Running { get; private set; }

        /// <summary>Zero when it is in; else how long to wait at least, unless something ends before.</summary>
        public (TimeSpan Wait, Task Freed) Enter(int limit, TimeSpan period)
        {
            lock (_gate)
            {
                TimeSpan now = window.Now;
                while (_free.TryPeek(out TimeSpan at) && at <= now) _free.Dequeue();
                bool isFull = Running + _free.Count >= limit;
                if (Running < MostAtOnce && !isFull)
                {
                    Running++;
                    return (TimeSpan.Zero, Task.CompletedTask);
                }

                // Never of no length: a clock's tick may be coarser than what is left.
                TimeSpan wait = isFull && _free.TryPeek(out TimeSpan first) ? first - now : period;
                return (wait + TimeSpan.FromMilliseconds(1), Running < MostAtOnce ? Never : _freed.Task);
            }
        }

        public void Leave(TimeSpan began, TimeSpan period)
        {
            TaskCompletionSource freed;
            lock (_gate)
            {
                TimeSpan took = window.Now - began;
                // Forgets slowly, for ways change.
                _quickest = _quickest is { } least && least < took ? least + (took - least) / 64 : took;
                TimeSpan late = took - _quickest.Value;
                _free.Enqueue(began + period + (late < LongestWay ? late : LongestWay));
                Running--;
                (freed, _freed) = (_freed, NewSource());
            }

            freed.TrySetResult();
        }

        private static Task Never { get; } = new TaskCompletionSource().Task;

        private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Slot(Number number, TimeSpan began, TimeSpan period) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) number.Leave(began, period);
        }
    }
}
