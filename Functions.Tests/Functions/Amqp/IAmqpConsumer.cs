namespace Vellarys.Tests.Functions.Amqp;

/// <summary>A receiver that takes messages as long as it has credit.</summary>
internal interface IAmqpConsumer
{
    bool HasCredit { get; }

    /// <summary>What is handed out is gone: no lock, no settling.</summary>
    bool IsForGood { get; }

    void Deliver(StoredMessage message);
}
