using System.Collections;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>An entity's <c>$management</c>: what clients ask for beside sending, receiving and settling.</summary>
internal static class AmqpManagement
{
    public const string LockLost = "com.microsoft:message-lock-lost";

    public static AmqpMessage Answer(AmqpQueue queue, AmqpMessage request)
    {
        string operation = (string)request.ApplicationProperties.Map["operation"];
        AmqpMap asked = (AmqpMap)request.ValueBody.Value;
        return operation switch
        {
            "com.microsoft:renew-lock" => Renew(queue, asked),
            "com.microsoft:schedule-message" => Schedule(queue, asked),
            "com.microsoft:cancel-scheduled-message" => Cancel(queue, asked),
            "com.microsoft:peek-message" => Peek(queue, asked),
            "com.microsoft:receive-by-sequence-number" => ReceiveDeferred(queue, asked),
            "com.microsoft:update-disposition" => Settle(queue, asked),
            _ => Status(501, "com.microsoft:not-implemented"),
        };
    }

    private static AmqpMessage Renew(AmqpQueue queue, AmqpMap asked)
    {
        List<DateTime> until = [];
        foreach (Guid token in Tokens(asked))
        {
            if (queue.Renew(token) is not { } at) return Status(410, LockLost);
            until.Add(at.UtcDateTime);
        }

        return Done("expirations", until.ToArray());
    }

    private static AmqpMessage Schedule(AmqpQueue queue, AmqpMap asked)
    {
        IEnumerable<AmqpMap> messages = ((IEnumerable)asked[new MapKey("messages")]).Cast<AmqpMap>();
        long[] numbers = [.. messages.Select(m => queue.Put([.. (ArraySegment<byte>)m[new MapKey("message")]]))];
        return Done("sequence-numbers", numbers);
    }

    private static AmqpMessage Cancel(AmqpQueue queue, AmqpMap asked) =>
        Numbers(asked).All(queue.Cancel) ? Status(200) : Status(404, "amqp:not-found");

    private static AmqpMessage Peek(AmqpQueue queue, AmqpMap asked)
    {
        (object from, object count) = (asked[new MapKey("from-sequence-number")], asked[new MapKey("message-count")]);
        List<AmqpMap> seen = [.. queue.Peek((long)from, (int)count).Select(Written)];
        return seen.Count == 0 ? Status(204) : Done("messages", seen);
    }

    private static AmqpMessage ReceiveDeferred(AmqpQueue queue, AmqpMap asked)
    {
        List<AmqpMap> taken = [];
        foreach (long number in Numbers(asked))
        {
            if (queue.TakeDeferred(number) is not { } message) return Status(404, "com.microsoft:message-not-found");
            AmqpMap one = Written(message);
            one[new MapKey("lock-token")] = message.Lock!.Value;
            taken.Add(one);
        }

        return Done("messages", taken);
    }

    // What a client settles that did not come over a link, or whose link was made anew.
    private static AmqpMessage Settle(AmqpQueue queue, AmqpMap asked)
    {
        string? Text(string name) => asked.TryGetValue(new MapKey(name), out object value) ? (string)value : null;

        bool held = Tokens(asked).All(token => Text("disposition-status") switch
        {
            "completed" => queue.Complete(token),
            "abandoned" => queue.Abandon(token, []),
            "suspended" => queue.Bury(token, Text("deadletter-reason"), Text("deadletter-description"), []),
            _ => queue.Defer(token),
        });
        return held ? Status(200) : Status(410, LockLost);
    }

    private static Guid[] Tokens(AmqpMap asked) => (Guid[])asked[new MapKey("lock-tokens")];

    private static long[] Numbers(AmqpMap asked) => (long[])asked[new MapKey("sequence-numbers")];

    private static AmqpMap Written(StoredMessage message)
    {
        using AmqpMessage read = message.Read();
        return new AmqpMap { [new MapKey("message")] = new ArraySegment<byte>(StoredMessage.Encode(read)) };
    }

    private static AmqpMessage Done(string name, object value)
    {
        AmqpMessage response = AmqpMessage.Create(
            new AmqpValue { Value = new AmqpMap { [new MapKey(name)] = value } });
        response.ApplicationProperties.Map["statusCode"] = 200;
        return response;
    }

    private static AmqpMessage Status(int code, string? error = null)
    {
        AmqpMessage response = AmqpMessage.Create(new AmqpValue { Value = new AmqpMap() });
        response.ApplicationProperties.Map["statusCode"] = code;
        response.ApplicationProperties.Map["statusDescription"] = error ?? "OK";
        if (error is not null) response.ApplicationProperties.Map["errorCondition"] = (AmqpSymbol)error;
        return response;
    }
}
