namespace Vellarys.Conversations.Answering;

/// <summary>
/// A kind of flow that asks customers something. While one of its flows listens for an answer, it may take the
/// customer's next turn for itself; the assistant is not asked then.
/// </summary>
public interface IReplyInterceptor
{
    /// <summary>The flow's name, e.g. <c>survey</c>.</summary>
    string Flow { get; }

    /// <summary>Pure. False where there is any doubt: then the customer is answered.</summary>
    /// <param name="state">The flow's state as stored.</param>
    /// <param name="text">What the customer wrote since the last answer.</param>
    bool Takes(string state, string text);
}
