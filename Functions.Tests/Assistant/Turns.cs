using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Assistant;
using Vellarys.Assistant.Guard;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Limits;
using Vellarys.Tests.Limits;

namespace Vellarys.Tests.Assistant;

/// <summary>Turns and assistants as tests need them.</summary>
internal static class Turns
{
    public static readonly Passage[] Shop =
    [
        new("Horário de atendimento", "A loja abre de segunda a sexta, das 9h às 19h, e aos sábados, das 9h às 14h. "
            + "Aos domingos e feriados ficamos fechados. O estacionamento é gratuito para clientes."),
        new("Preços de sala", "Sofá Brisa de três lugares, em linho cinza: R$ 2.490,00.\n"
            + "Poltrona Garoa, em veludo: R$ 990,00."),
        new("Trocas e devoluções", "O cliente pode desistir da compra em até 7 dias depois de receber o produto. "
            + "Trocas por defeito são feitas em até 30 dias."),
    ];

    public static TurnContext Saying(string text, params Passage[] passages) => With([Said(text)], passages);

    public static TurnContext With(IReadOnlyList<TurnLine> history, params Passage[] passages) => new(
        new TenantId(Ids.New(TimeProvider.System)), new ConversationId(Ids.New(TimeProvider.System)), "Loja Aurora",
        "Fale de forma simpática.", "pt-BR", "Ana", Summary: null, history, passages, WantsSummary: false,
        FailedAttempts: 0, MaxFailedAttempts: 3, LastAttempt: false);

    public static TurnLine Said(string text) => new(TurnSpeaker.Customer, text, Unanswered: true);

    public static AssistantOptions Options(ModelServer server) => new() { ApiKey = "test-key", BaseUrl = server.Url };

    /// <param name="shared">Null: what one process uses alone.</param>
    public static ResilientModel Model(
        AssistantOptions options, TimeProvider time, ILimits? limits = null, LimitsOptions? quota = null,
        ISharedCircuit? shared = null, ILogger<QuotaExhaustion>? log = null) => new(
            options.HasModel ? Chat(options, time) : null, options,
            new ModelQuota(
                limits ?? new LocalLimits(time), quota ?? new LimitsOptions(), options,
                new QuotaExhaustion(options, time, log ?? NullLogger<QuotaExhaustion>.Instance),
                Use(quota ?? new LimitsOptions(), time), LimitsParts.Metrics, time),
            shared ?? new UnsharedCircuit(), time, NullLogger<ResilientModel>.Instance);

    public static ChatModel Chat(AssistantOptions options, TimeProvider? time = null, IModelAdapter? adapter = null) =>
        new(adapter ?? new OpenAiAdapter(), options, time ?? TimeProvider.System, NullLogger<ChatModel>.Instance);

    public static QuotaUse Use(LimitsOptions quota, TimeProvider time) =>
        new(LimitsParts.Meters, quota, time);

    public static GuardedAssistant Assistant(AssistantOptions options, TimeProvider? time = null) =>
        Assistant(Model(options, time ?? TimeProvider.System), options, time);

    public static GuardedAssistant Assistant(ResilientModel model, AssistantOptions options, TimeProvider? time = null)
    {
        TurnGuard guard = new(options);
        time ??= TimeProvider.System;
        return new GuardedAssistant(
            model, guard, new TurnPrompt(guard), time, NullLogger<GuardedAssistant>.Instance);
    }

    public static ModelRequest Request(string text = "oi") => new([new ModelMessage(ModelRole.User, text)], false);
}
