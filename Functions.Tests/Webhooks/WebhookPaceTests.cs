using Vellarys.Webhooks;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>When calls are made again, and how many at once.</summary>
public sealed class WebhookPaceTests
{
    private static readonly Guid One = Guid.Parse("11111111-1111-1111-1111-111111111111");
    private static readonly Guid Other = Guid.Parse("22222222-2222-2222-2222-222222222222");

    [Theory]
    [InlineData(0, 23.8)]
    [InlineData(1, 28.6)]
    public void Pauses_OfTheBuiltInSchedule_LastAboutADay(double random, double hours)
    {
        WebhookOptions options = BuiltIn();
        TimeSpan all = TimeSpan.Zero;
        int failed = 1;
        for (; RetryPause.After(failed, options.Delays, asked: null, random) is { } pause; failed++) all += pause;
        Assert.Equal(10, failed);
        Assert.InRange(all.TotalHours, hours - 0.2, hours + 0.2);
    }

    [Fact]
    public void Pause_TheReceiverAsksForALongerOne_IsHeardWithinReason()
    {
        WebhookOptions options = BuiltIn();
        Assert.Equal(TimeSpan.FromMinutes(3), RetryPause.After(1, options.Delays, TimeSpan.FromMinutes(3), 0));
        Assert.Equal(TimeSpan.FromHours(2), RetryPause.After(1, options.Delays, TimeSpan.FromDays(9), 0));
        Assert.Equal(TimeSpan.FromSeconds(10), RetryPause.After(1, options.Delays, TimeSpan.FromSeconds(-5), 0));
    }

    [Fact]
    public void Places_OfAnEndpointThatIsFull_AreNoneOfAnothers()
    {
        var places = new EndpointPlaces(BuiltIn());
        for (int i = 0; i < 4; i++) Assert.True(places.Enter(One));
        Assert.False(places.Enter(One));
        Assert.True(places.Enter(Other));
        places.Leave(One, new CallOutcome(204, null, 20));
        Assert.True(places.Enter(One));
    }

    [Fact]
    public void Places_OfAnEndpointThatRanIntoTheLimit_AreOneUntilItAnswers()
    {
        var places = new EndpointPlaces(BuiltIn());
        Assert.True(places.Enter(One));
        places.Leave(One, new CallOutcome(null, "timeout", 10_000));
        Assert.True(places.Enter(One));
        Assert.False(places.Enter(One));
        places.Leave(One, new CallOutcome(204, null, 10));
        for (int i = 0; i < 4; i++) Assert.True(places.Enter(One));
        Assert.False(places.Enter(One));
    }

    [Fact]
    public void Options_ThatMakeNoSense_AreNamedAllOfThem() => Assert.Equal(
        ["Webhooks:RetryDelays has x, which is no time of up to two days",
            "Webhooks:Timeout must lie between 0.1 s and 1 minute",
            "Webhooks:CallsPerEndpoint must lie between 1 and 64",
            "Webhooks:Keep must be at least 2 days"],
        new WebhookOptions
        {
            RetryDelays = "0:1:0,x", Timeout = TimeSpan.FromHours(1), CallsPerEndpoint = 0,
            Keep = TimeSpan.FromHours(1),
        }.Parse());

    private static WebhookOptions BuiltIn()
    {
        var options = new WebhookOptions();
        Assert.Empty(options.Parse());
        return options;
    }
}
