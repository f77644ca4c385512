using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Vellarys.Flows.Kernel;
using Vellarys.Storage;

namespace Vellarys.Conversations;

/// <summary>
/// Lets a flow say something, in the transaction of its step. Nothing is said while a person is in charge.
/// </summary>
internal static class SpeakToCustomer
{
    private static readonly string Sql = EngineSql.Of<ReplyAsStaff>("speak-to-customer.sql");

    /// <param name="conversation">Where to say it; mostly the flow's own.</param>
    /// <param name="text">What the customer reads; for a template, what stands in the history.</param>
    /// <param name="template">To be sent instead, outside the 24-hour window; null for free text.</param>
    /// <param name="isFollowUp">
    /// We began: unsent once the customer writes, and never sent twice. Otherwise it is an answer, sent like any reply.
    /// </param>
    public static void Add(
        FlowEffects effects, ConversationId conversation, string text, TemplateMessage? template, bool isFollowUp)
    {
        Guid message = effects.NewId();
        effects.Run(new NpgsqlBatchCommand(Sql)
            .With(effects.Tenant.Id.Value)
            .With(conversation.Value)
            .With(message)
            .With(text)
            .With(isFollowUp ? "followup" : "reply")
            .With(effects.Flow.Value)
            .With(template is null ? "text" : "template")
            .With(template is null
                ? null
                : JsonSerializer.Serialize(template, TemplateMessageJson.Default.TemplateMessage))
            .With(effects.NewId()));
        effects.Run(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
    }
}

/// <summary>
/// A template that the provider has approved: all that may be sent outside the 24-hour window. Stored in
/// <c>messages.payload</c> of a message of kind <c>template</c>.
/// </summary>
/// <param name="Name">As approved, e.g. <c>voltamos_a_falar</c>.</param>
/// <param name="Language">As approved, e.g. <c>pt_BR</c>.</param>
/// <param name="Parameters">What fills the body's places, in order; no line breaks.</param>
internal sealed record TemplateMessage(string Name, string Language, IReadOnlyList<string> Parameters);

[JsonSerializable(typeof(TemplateMessage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class TemplateMessageJson : JsonSerializerContext;
