namespace Vellarys.Tests.Accounts.Access;

/// <summary>Stands still: a code that was good stays so, however slow the machine.</summary>
internal sealed class StandingClock : TimeProvider
{
    private readonly DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;
}
