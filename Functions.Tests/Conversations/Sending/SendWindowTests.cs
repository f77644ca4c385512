using Vellarys.Channels;
using Vellarys.Conversations.Sending;
using Vellarys.Tests.Assistant;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

/// <summary>What a number has on its way and sent lately, by a clock that the test moves.</summary>
public sealed class SendWindowTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly ChannelId _number = new(Ids.New(TimeProvider.System));

    [Fact]
    public async Task SendsThatLeaveTogether_AreNoMoreThanTheLimitInAnySecond()
    {
        var window = new SendWindow(_time);
        var random = new Random(7);
        List<double> sent = [];
        for (int step = 0; step < 400; step++)
        {
            // As after a pause of the machine: many at once, or none for a while.
            int due = random.Next(4) == 0 ? random.Next(0, 60) : 0;
            for (; due > 0; due--)
            {
                if (await window.EnterAsync(_number, 20, Second, TimeSpan.Zero, default) is not { } place) continue;
                sent.Add(step * 10);
                place.Dispose();
            }

            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(20, sent.Max(from => sent.Count(at => at >= from && at < from + 1_000)));
        Assert.InRange(sent.Count, 60, 80);
    }

    [Fact]
    public async Task TenOnTheirWay_TheNextWaitsForOneToEnd()
    {
        var window = new SendWindow(_time);
        List<IDisposable> held = [];
        for (int n = 0; n < SendWindow.MostAtOnce; n++) held.Add(await EnterAsync(window));
        Assert.Equal(10, window.Running(_number));
        Assert.Null(await window.EnterAsync(_number, 80, Second, TimeSpan.Zero, default));
        var other = new ChannelId(Ids.New(TimeProvider.System));
        Assert.NotNull(await window.EnterAsync(other, 80, Second, TimeSpan.Zero, default));

        Task<IDisposable?> next = window.EnterAsync(_number, 80, Second, Second, default).AsTask();
        Assert.False(next.IsCompleted);
        held[3].Dispose();
        held[3].Dispose();
        Assert.NotNull(await next);
        Assert.Equal(10, window.Running(_number));
    }

    [Fact]
    public async Task SendThatWasHeldUp_CountsFromWhenItMayHaveCome()
    {
        var window = new SendWindow(_time);
        // The provider takes 20 ms; the second of these was 50 ms longer on its way.
        IDisposable quick = await EnterAsync(window, 1);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        quick.Dispose();
        _time.Advance(TimeSpan.FromMilliseconds(980));
        IDisposable late = await EnterAsync(window, 1);
        _time.Advance(TimeSpan.FromMilliseconds(70));
        late.Dispose();
        _time.Advance(TimeSpan.FromMilliseconds(970));
        Assert.Null(await window.EnterAsync(_number, 1, Second, TimeSpan.Zero, default));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.NotNull(await window.EnterAsync(_number, 1, Second, TimeSpan.Zero, default));
    }

    private async Task<IDisposable> EnterAsync(SendWindow window, int limit = 80) =>
        (await window.EnterAsync(_number, limit, Second, TimeSpan.Zero, default))!;
}
