using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Vellarys.Channels.Stops;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;
using Vellarys.Operations;

namespace Vellarys.Conversations;

/// <summary>
/// Registers the life of a message after its webhook: record, answer, deliver, and the watch over them.
/// </summary>
public static class ConversationsSetup
{
    /// <param name="configuration">Without it, receipts are kept for their default time.</param>
    public static IServiceCollection AddConversations(
        this IServiceCollection services, IConfiguration? configuration = null)
    {
        ReceiptsOptions receipts =
            configuration?.GetSection(ReceiptsOptions.Section).Get<ReceiptsOptions>() ?? new();
        string[] faults = [.. receipts.Faults()];
        if (faults.Length > 0)
            throw new OptionsValidationException(ReceiptsOptions.Section, typeof(ReceiptsOptions), faults);

        services.AddSingleton(receipts);
        services.TryAddSingleton<ICrashPoints, NoCrashPoints>();
        services.AddSingleton<IMessageHandler, RecordMessage>();
        services.AddSingleton<AnswerTurnStore>();
        services.AddSingleton<ReadMarks>();
        services.TryAddSingleton<SignalFlow>();
        services.AddSingleton<CloseTurn>();
        services.AddSingleton<TurnTakers>();
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
        services.AddSingleton<IMessageHandler, DeliverMessage>();
        services.AddSingleton<ChangeCharge>();
        services.AddSingleton<TakeOver>();
        services.AddSingleton<GiveBack>();
        services.AddSingleton<CloseConversation>();
        services.AddSingleton<ServiceWindows>();
        services.AddSingleton<ReplyAsStaff>();
        services.AddSingleton<CustodyBalance>();
        services.AddSingleton<FindMessage>();
        services.TryAddSingleton<RouteUnrouted>();
        services.AddSingleton<IDependencyProbe, UnroutedProbe>();
        services.AddSingleton<IJob, WatchCustody>();
        services.AddSingleton<IJob, SweepDeliveries>();
        services.AddSingleton<IJob, PruneReceipts>();
        return services;
    }
}
