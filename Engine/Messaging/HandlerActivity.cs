using System.Diagnostics;

namespace Vellarys.Messaging;

/// <summary>The trace of a handler's run, whatever transport called it.</summary>
internal static class HandlerActivity
{
    private static readonly ActivitySource Activities = new("Vellarys.Messaging");

    /// <summary>Null while nobody listens.</summary>
    public static Activity? Start(QueueMessage message)
    {
        if (!Activities.HasListeners()) return null;
        Activity? activity = Activities.StartActivity(message.Queue, ActivityKind.Consumer, message.TraceParent);
        activity?.SetTag("messaging.destination.name", message.Queue);
        activity?.SetTag("messaging.message.id", message.Id);
        return activity;
    }

    /// <summary>
    /// Where an exception happened, without its own words: those may quote a customer. Empty for known faults.
    /// </summary>
    public static string Trace(Exception? exception) =>
        exception is null or TransientFault or PermanentFault
            ? ""
            : $"\n{exception.GetType()} < {exception.InnerException?.GetType()}\n{exception.StackTrace}";
}
