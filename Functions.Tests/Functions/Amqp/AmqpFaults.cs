namespace Vellarys.Tests.Functions.Amqp;

/// <summary>What the broker does wrong when a test asks for it. By itself nothing goes wrong.</summary>
internal sealed class AmqpFaults
{
    /// <summary>Throttled: the client waits for a while before it sends again.</summary>
    public const string ServerBusy = "com.microsoft:server-busy";

    /// <summary>The queue has reached its size.</summary>
    public const string Full = "amqp:resource-limit-exceeded";

    /// <summary>Switched off by an operator: the client says so at once.</summary>
    public const string Disabled = "com.microsoft:entity-disabled";

    /// <summary>By entity: the condition with which a sending is refused; null to take it.</summary>
    public Func<string, string?> OnSend { get; set; } = _ => null;

    /// <summary>By entity: what becomes of a settlement.</summary>
    public Func<string, SettleFault> OnSettle { get; set; } = _ => SettleFault.None;

    /// <summary>Hands out what waits in any order.</summary>
    public bool IsShuffled { get; set; }
}

internal enum SettleFault
{
    None,

    /// <summary>The connection is gone before the broker hears of it: the lock runs out.</summary>
    CutBefore,

    /// <summary>The broker does it, and the connection is gone before it can say so.</summary>
    CutAfter,

    /// <summary>The lock had run out, and the message is in the queue again.</summary>
    LockLost,

    /// <summary>The broker says that it did it, and delivers the message again all the same.</summary>
    Doubled,
}
