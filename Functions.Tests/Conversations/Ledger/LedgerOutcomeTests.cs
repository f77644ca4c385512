using Vellarys.Conversations.Ledger;
using Xunit;

namespace Vellarys.Tests.Conversations.Ledger;

public sealed class LedgerOutcomeTests
{
    [Theory]
    [InlineData("S", null, null, "ignored")]
    [InlineData("S", "replied", "sent", "ignored")]
    [InlineData("M", null, null, "open")]
    [InlineData("M", "replied", "sent", "replied")]
    [InlineData("M", "replied", "failed", "failed")]
    [InlineData("M", "replied", "cancelled", "handed_off")]
    [InlineData("M", "replied", "pending", "open")]
    [InlineData("M", "replied", "sending", "open")]
    [InlineData("M", "replied", "unknown", "open")]
    [InlineData("M", "replied", null, "open")]
    [InlineData("M", "handed_off", "sent", "handed_off")]
    [InlineData("M", "ignored", null, "ignored")]
    [InlineData("M", "failed", null, "failed")]
    public void Of_WhatIsOnRecord_IsOneOutcome(string kind, string? turn, string? delivery, string outcome) =>
        Assert.Equal(outcome, LedgerOutcome.Of(kind, turn, delivery));

    [Theory]
    [InlineData("pending")]
    [InlineData("sending")]
    [InlineData("unknown")]
    [InlineData("sent")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public void Closing_StateOfAReply_IsOneThatLeavesNothingOpen(string state) => Assert.Equal(
        LedgerOutcome.Of("M", "replied", state) != LedgerOutcome.Open, LedgerOutcome.Closing.Contains(state));
}
