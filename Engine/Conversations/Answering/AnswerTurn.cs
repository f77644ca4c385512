using Npgsql;
using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Conversations.OptOut;
using Vellarys.Conversations.Plans;
using Vellarys.Messaging;
using Vellarys.Realtime;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Answers a turn: what the customer wrote since the last answer, once the burst has gone quiet. An older turn is
/// dropped, because the newer one answers everything; an answer is committed only if its turn is still current and
/// nobody took the conversation over. No connection is held while the model thinks.
/// </summary>
public sealed class AnswerTurn : IMessageHandler
{
    private const int MaxSet = 64;
    private static readonly TimeSpan ClosedBurstFirst = TimeSpan.FromMilliseconds(500);

    private readonly Batcher<TurnDue, LoadedTurn?> _loads;
    private readonly Batcher<TurnCommit, bool> _commits;
    private readonly AnswerTurnStore _store;
    private readonly ITenantDirectory _tenants;
    private readonly CloseTurn _close;
    private readonly ReplyInterceptors _takers;
    private readonly StopLoop _loops;
    private readonly IAssistant _assistant;
    private readonly ReadMarks _marks;
    private readonly IRealtime _realtime;
    private readonly ICrashPoints _crashPoints;
    private readonly TimeProvider _time;

    public AnswerTurn(
        AnswerTurnStore store, ITenantDirectory tenants, CloseTurn close, ReplyInterceptors takers, StopLoop loops,
        IAssistant assistant,
        ReadMarks marks, IRealtime realtime, ICrashPoints crashPoints, TimeProvider time)
    {
        _loads = new Batcher<TurnDue, LoadedTurn?>(
            MaxSet, 1, store.LoadAsync, TransientErrors.HitsEveryItem, due => due.Tenant);
        _commits = new Batcher<TurnCommit, bool>(
            MaxSet, 1, store.CommitAsync, TransientErrors.HitsEveryItem, answer => answer.Due.Tenant);
        _store = store;
        _tenants = tenants;
        _close = close;
        _takers = takers;
        _loops = loops;
        _assistant = assistant;
        _marks = marks;
        _realtime = realtime;
        _crashPoints = crashPoints;
        _time = time;
    }

    public string Queue => Queues.AiResponse;

    /// <summary>Ends once the turn has an outcome, or needs none from here.</summary>
    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        TurnDue due = QueueBody.Read(received, BodiesJson.Default.TurnDue, b => b.V);
        Tenant tenant = await _tenants.FindAsync(new TenantId(due.Tenant), cancellationToken)
            ?? throw new PermanentFault("unknown_tenant", $"no tenant {due.Tenant}");
        try
        {
            await AnswerAsync(received, due, tenant, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task AnswerAsync(
        ReceivedMessage received, TurnDue due, Tenant tenant, CancellationToken cancellationToken)
    {
        // Known without a look at the database: nothing is loaded, and no mark promises an answer.
        if (_assistant.RetryAfter is { Ticks: > 0 } wait)
        {
            await received.DeferAsync(wait, "the model's quota is used up", cancellationToken);
            return;
        }

        if (await _loads.AddAsync(due) is not { } turn) return;
        if (turn.WaitsForClosedBurst)
        {
            await received.DeferAsync(ClosedBurstFirst, "an earlier turn is being answered", cancellationToken);
            return;
        }

        if (await _close.TryAsync(due, turn, received, cancellationToken) is { } closed)
        {
            if (closed) _realtime.Publish(new RealtimeEvent(tenant.Id, new ConversationId(due.Conversation), "charge"));
            return;
        }

        if (_loops.Sees(turn))
        {
            if (await _loops.RunAsync(due, turn.Epoch, tenant, received))
                _realtime.Publish(new RealtimeEvent(tenant.Id, new ConversationId(due.Conversation), "charge"));
            return;
        }

        _marks.Show(turn, tenant);
        if (turn.Asking is { } asking && await _takers.TakeAsync(asking, due, turn, received, cancellationToken))
        {
            _realtime.Publish(new RealtimeEvent(tenant.Id, new ConversationId(due.Conversation), "message"));
            return;
        }

        TurnContext context = turn.ToContext(due, tenant, lastAttempt: received.Attempt >= received.MaxAttempts);
        if (OptOutAnswer.IsLeftAlone(turn.HasOptedOut, context))
        {
            await _store.IgnoreAsync(due, turn.Epoch, "courtesy_after_opt_out", received);
            return;
        }

        _crashPoints.Reach("answer:before-model");
        IAssistant assistant = tenant.Limit?.Stops(turn.BeganAt) is true ? PlanLimitReply.Instance : _assistant;
        TurnAnswer answer = turn.OptsOut is { } optsOut
            ? await OptOutAnswer.AnswerAsync(optsOut, context, assistant, cancellationToken)
            : await assistant.AnswerAsync(context, cancellationToken);

        _crashPoints.Reach("answer:after-model");
        var commit = new TurnCommit(
            due, turn, answer, received, Ids.New(_time), Ids.New(_time), turn.OptsOut is null ? "answered" : "opt_out");
        if (!await _commits.AddAsync(commit)) return;
        _realtime.Publish(new RealtimeEvent(
            tenant.Id, new ConversationId(due.Conversation), answer.Handoff is null ? "message" : "charge"));
    }
}
