using System.Resources;
using System.Text.Json.Serialization;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.Sending;
using Vellarys.Flows.Kernel;
using Vellarys.Storage;

namespace Vellarys.Flows.Reengagement;

/// <summary>Winning a silent customer back, as the kernel runs it.</summary>
internal sealed class ReengagementKind : IFlow
{
    public const string FlowName = "reengagement";

    private static readonly FlowCodec<ReengagementState, ReengagementEvent> Codec =
        new(ReengagementJson.Default.ReengagementState, ReengagementJson.Default.ReengagementEvent);

    private static readonly ResourceManager Texts =
        new("Vellarys.Flows.Reengagement.ReengagementTexts", typeof(ReengagementKind).Assembly);

    public string Name => FlowName;

    public FlowStep Apply(string? state, string body, DateTimeOffset at, DateTimeOffset seenAt, Tenant tenant)
    {
        ReengagementPolicy policy = ReengagementPolicy.Of(tenant);
        return Codec.Apply(
            state, body, at, seenAt, new Fresh(), (before, happened) => ReengagementFlow.On(before, happened, policy),
            after => after is Silent ? FlowListens.Message : FlowListens.Nothing);
    }

    public void CarryOut(FlowCommand command, FlowEffects effects)
    {
        switch (command)
        {
            case Nudge nudge:
                TemplateMessage? template = nudge.Template is { } name
                    ? new TemplateMessage(name, effects.Tenant.Settings.Reengagement.TemplateLanguage, [])
                    : null;
                string text = nudge.Text ?? Text(nudge.Stage, effects.Tenant.Locale);
                SpeakToCustomer.Add(effects, effects.Conversation, text, template, isFollowUp: true, nudge.SilentSince);
                break;
            case MarkLead mark:
                effects.Run(new NpgsqlBatchCommand("select mark_reengagement($1, $2, $3)")
                    .With(effects.Tenant.Id.Value)
                    .With(effects.Contact)
                    .With(mark.Status));
                break;
            default:
                throw new InvalidOperationException($"No command {command.GetType().Name} here.");
        }
    }

    private static string Text(int stage, string locale) =>
        Texts.GetString(stage == 0 ? "First" : "Later", Cultures.Of(locale))!;
}

[JsonSerializable(typeof(ReengagementState))]
[JsonSerializable(typeof(ReengagementEvent))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowOutOfOrderMetadataProperties = true)]
internal sealed partial class ReengagementJson : JsonSerializerContext;
