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

    private async Task<IDisposable> EnterAsync(SendWindow window) =>
        (await window.EnterAsync(_number, 80, Second, TimeSpan.Zero, default))!;
}
