using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Vellarys.Channels;
using Vellarys.Channels.Stops;
using Vellarys.Conversations.Answering;
using Vellarys.Conversations.Ledger;
using Vellarys.Conversations.Ownership;
using Vellarys.Conversations.Plans;
using Vellarys.Conversations.Recording;
using Vellarys.Conversations.Sending;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Flows.Kernel;
using Vellarys.Health;
using Vellarys.Intake.Unrouted;
using Vellarys.Jobs;
using Vellarys.Messaging;

namespace Vellarys.Conversations;

/// <summary>
/// Registers the life of a message after its webhook: record, answer, deliver, and the watch over them.
/// </summary>
internal static class ConversationsSetup
{
    /// <param name="configuration">Without it, receipts are kept for their default time.</param>
    public static IServiceCollection AddConversations(
        this IServiceCollection services, IConfiguration? configuration = null)
    {
        InboundDedupeOptions receipts =
            configuration?.GetSection(InboundDedupeOptions.Section).Get<InboundDedupeOptions>() ?? new();
        string[] faults = [.. receipts.Faults()];
        if (faults.Length > 0)
            throw new OptionsValidationException(InboundDedupeOptions.Section, typeof(InboundDedupeOptions), faults);

        services.AddSingleton(receipts);
        services.TryAddSingleton<ICrashPoints, NoCrashPoints>();
        services.AddSingleton<IMessageHandler, RecordMessage>();
        services.AddSingleton<AnswerTurnStore>();
        services.AddSingleton<ReadMarks>();
        services.TryAddSingleton<SignalFlow>();
        services.AddSingleton<CloseTurn>();
        services.AddSingleton<ReplyInterceptors>();
        services.AddSingleton<StopLoop>();
        services.AddSingleton<CallForSilentPhone>();
        services.AddSingleton<IMessageHandler, AnswerTurn>();
        services.AddSingleton<IDeadLetterHook, GiveUpTurn>();
        services.AddSingleton<DeliverMessageStore>();
        services.AddSingleton<SendPacing>();
        services.AddSingleton<TellOfFailure>();
        services.AddSingleton<IAfterResume, WakeWaiting>();
        services.AddSingleton<DeliveryNotes>();
        services.AddSingleton<ListDeliveries>();
        services.AddSingleton<ComposeMessage>();
        services.AddSingleton<IMessageHandler, DeliverMessage>();
        services.AddSingleton<ChangeOwner>();
        services.AddSingleton<TakeOver>();
        services.AddSingleton<GiveBack>();
        services.AddSingleton<CloseConversation>();
        services.AddSingleton<ServiceWindows>();
        services.AddSingleton<ReplyAsStaff>();
        services.AddSingleton<MessageLedger>();
        services.AddSingleton<FindMessage>();
        services.AddUnrouted();
        services.AddSingleton<IDependencyProbe, UnroutedProbe>();
        services.AddSingleton<IJob, ReconcileTurns>();
        services.AddSingleton<IJob, SweepDeliveries>();
        services.AddSingleton<IJob, PruneInboundDedupe>();
        services.AddSingleton<CountPlanUse>();
        services.AddSingleton<IJob, CountPlans>();
        return services;
    }
}
