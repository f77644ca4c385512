using System.Text.Json;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Flows.Kernel;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending;

/// <summary>
/// Lets a flow say something, in the transaction of its step. Nothing is said while a person is in charge.
/// </summary>
internal static class SpeakToCustomer
{
    private static readonly string Sql = EngineSql.Read("Conversations.Sending.speak-to-customer.sql");

    /// <param name="conversation">Where to say it; mostly the flow's own.</param>
    /// <param name="text">What the customer reads; for a template, what stands in the history.</param>
    /// <param name="template">To be sent instead, outside the 24-hour window; null for free text.</param>
    /// <param name="isFollowUp">
    /// We began: unsent once the customer writes, and never sent twice. Otherwise it is an answer, sent like any reply.
    /// </param>
    /// <param name="silentSince">Nothing is said if the customer has written since then.</param>
    public static void Add(
        FlowEffects effects, ConversationId conversation, string text, TemplateMessage? template, bool isFollowUp,
        DateTimeOffset? silentSince = null)
    {
        Guid message = effects.NewId();
        effects.Run(new NpgsqlBatchCommand(Sql)
            .With(effects.Tenant.Id.Value)
            .With(conversation.Value)
            .With(message)
            .With(text)
            .With(isFollowUp ? "followup" : "reply")
            .With(effects.Flow.Value)
            .With(template is null ? "text" : TemplateMessage.MessageKind)
            .With(template is null
                ? null
                : JsonSerializer.Serialize(template, TemplateMessageJson.Default.TemplateMessage))
            .With(effects.NewId())
            .With(silentSince?.UtcDateTime));
        effects.Run(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
    }
}
