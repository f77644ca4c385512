using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Messaging;

public sealed class FailureTests
{
    [Fact]
    public void Of_ForeignException_KeepsItsTypeButNotItsMessage()
    {
        Failure failure = Failure.Of(new FormatException("'+5511987654321' is not a date"));

        Assert.Equal("FormatException", failure.Code);
        Assert.False(failure.IsPermanent);
        Assert.DoesNotContain("5511987654321", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OwnFaults_KeepCodeReasonAndRetryAfter()
    {
        var transient = new TransientFault(
            "throttled", "The provider asks for patience") { RetryAfter = TimeSpan.FromSeconds(7) };

        Assert.Equal(
            new Failure("throttled", transient.Message, false, TimeSpan.FromSeconds(7)), Failure.Of(transient));
        Assert.Equal(
            new Failure("gone", "No such number", true, null),
            Failure.Of(new PermanentFault("gone", "No such number")));
    }
}
