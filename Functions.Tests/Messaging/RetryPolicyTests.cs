using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Messaging;

public sealed class RetryPolicyTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    public void Ceiling_EachAttempt_DoublesUpToTheCap(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPolicy.Ceiling(attempt, First, Cap));

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.5, 2000)]
    [InlineData(1.0, 4000)]
    public void Delay_ThirdAttempt_SpreadsOverTheWholeRange(double random, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), RetryPolicy.Delay(3, First, Cap, random));

    public static TheoryData<string, int, string> Decisions { get; } = new()
    {
        { "fault", 1, "again 0.5" },
        { "fault", 2, "again 1" },
        { "fault", 3, "give up" },
        { "fault", 4, "give up" },
        { "told when", 1, "again 7" },
        { "told when", 3, "give up" },
        { "outage", 1, "defer 1" },
        { "outage", 3, "defer 1" },
        { "outage", 99, "defer 1" },
        { "outage told when", 99, "defer 7" },
        { "permanent", 1, "give up" },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decide_FailureAndAttempt_DecidesTheSameOnEveryTransport(string kind, int attempt, string decision)
    {
        TimeSpan? told = kind.Contains("told when", StringComparison.Ordinal) ? TimeSpan.FromSeconds(7) : null;
        var failure = new Failure(
            "code", "reason", kind == "permanent", told, kind.StartsWith("outage", StringComparison.Ordinal));
        var options = new QueueOptions { MaxAttempts = 3, BackoffBase = First, BackoffCap = Cap };

        string decided = RetryPolicy.Decide(failure, attempt, options, random: 0.5) switch
        {
            RetryDecision.Defer defer => FormattableString.Invariant($"defer {defer.Delay.TotalSeconds}"),
            RetryDecision.Again again => FormattableString.Invariant($"again {again.Delay.TotalSeconds}"),
            _ => "give up",
        };

        Assert.Equal(decision, decided);
    }
}
