using Vellarys.Limits;

namespace Vellarys.Assistant.Model;

/// <summary>
/// The model's requests and tokens, shared by all instances: taken before each call by an estimate, corrected by what
/// the call really used, blocked for everybody when the model says 429.
/// </summary>
internal sealed class ModelQuota(
    ILimits limits, LimitsOptions limitsOptions, AssistantOptions options, QuotaExhaustion shortage,
    QuotaUse use, LimitMetrics metrics, TimeProvider time)
{
    public const string Code = "model_quota";

    // Whoever waits here holds a handler, and half of them must stay free.
    private const int MaxWaiting = 32;

    // Schema and answer; a token of Portuguese is about four characters.
    private const int FixedTokens = 500;
    private const int CharactersPerToken = 4;

    // A 429 that names no time.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // However long a 429 asks for: one call a minute finds out whether it is over.
    private static readonly TimeSpan LongestBlock = TimeSpan.FromMinutes(1);

    private readonly LimitRule? _requests = AtMost(
        "model-requests", limitsOptions.ModelRequestsPerMinute);

    private readonly LimitRule? _tokens = AtMost(
        "model-tokens", limitsOptions.ModelTokensPerMinute);

    private readonly LimitRule? _tenant = OnAverage("model-tenant", limitsOptions.TenantModelRequestsPerMinute
        ?? limitsOptions.ModelRequestsPerMinute * 4 / 5);

    private readonly LimitRule? _customer = OnAverage(
        "model-customer", limitsOptions.CustomerModelRequestsPerMinute);

    // A 429 closes a bucket of its own: it holds where no quota is known, too.
    private readonly LimitRule _busy = new("model-busy", 1_000_000, 1_000_000);

    private int _waiting;

    /// <summary>For how long everybody is refused; zero when that lasts, because then nobody waits for it.</summary>
    public TimeSpan Left => shortage.Left;

    /// <summary>Waits for its turn in place while that is short.</summary>
    /// <returns>The tokens taken.</returns>
    /// <exception cref="TransientFault">The turn has to come back later; nobody is to blame.</exception>
    public async ValueTask<int> EnterAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        int tokens = Estimate(request);
        bool crowded = Interlocked.Increment(ref _waiting) > MaxWaiting;
        try
        {
            TimeSpan patience = crowded ? TimeSpan.Zero : options.RetryAfterLimit;
            LimitVerdict verdict = await limits.TakeAsync(Takes(request, tokens), patience, cancellationToken);
            if (!verdict.Allowed) throw Refusal(verdict);
            if (verdict.Wait > TimeSpan.Zero) await Task.Delay(verdict.Wait, time, cancellationToken);
            use.Took(1, tokens);
            return tokens;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public ValueTask UsedAsync(int estimated, ModelReply reply, CancellationToken cancellationToken)
    {
        shortage.Answered();
        int used = reply.InputTokens + reply.OutputTokens;
        if (used > 0) use.Took(0, used - estimated);
        return _tokens is null || used == 0 || used == estimated
            ? ValueTask.CompletedTask
            : limits.ChargeAsync([new LimitTake(_tokens, options.Deployment, used - estimated)], cancellationToken);
    }

    /// <summary>The model said 429.</summary>
    public ValueTask RefusedAsync(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        TimeSpan wait = retryAfter > LeastPause ? retryAfter.Value : LeastPause;
        metrics.Refused(_busy.Name);
        shortage.Refused(wait);
        return limits.BlockAsync(
            _busy, options.Deployment, shortage.IsLasting ? LongestBlock : Capped(wait), cancellationToken);
    }

    /// <summary>Whether it is too much to ask of customers to wait for it.</summary>
    public bool IsLasting(TimeSpan? wait) => wait > QuotaExhaustion.Bound || shortage.IsLasting;

    /// <summary>When a turn that was refused comes back; null where nobody has said.</summary>
    public static TimeSpan? ComeBack(TransientFault fault) => fault.RetryAfter switch
    {
        null => null,
        { } wait when fault.Code == Code => Later(Capped(wait)),
        { } wait => Capped(wait),
    };

    /// <summary>Turns that were refused together do not come back together.</summary>
    public static TimeSpan Later(TimeSpan wait) => wait * (1 + Random.Shared.NextDouble() / 2);

    private TransientFault Refusal(LimitVerdict verdict)
    {
        metrics.Refused(verdict.Bucket);
        // A tenant or a customer that has used up its own share says nothing of the deployment.
        if (verdict.Bucket != _tenant?.Name && verdict.Bucket != _customer?.Name) shortage.Refused(verdict.Wait);
        return new TransientFault(Code, $"The quota {verdict.Bucket} is used up.")
        {
            IsOutage = true, RetryAfter = verdict.Wait,
        };
    }

    private static TimeSpan Capped(TimeSpan wait) => wait < LongestBlock ? wait : LongestBlock;

    private List<LimitTake> Takes(ModelRequest request, int tokens)
    {
        List<LimitTake> takes = [new(_busy, options.Deployment)];
        if (_requests is not null) takes.Add(new LimitTake(_requests, options.Deployment));
        if (_tokens is not null) takes.Add(new LimitTake(_tokens, options.Deployment, tokens));
        if (_tenant is not null && request.Tenant is { } tenant)
            takes.Add(new LimitTake(_tenant, tenant.ToString()));
        if (_customer is not null && request.Conversation is { } conversation)
            takes.Add(new LimitTake(_customer, conversation.ToString()));
        return takes;
    }

    private static int Estimate(ModelRequest request) =>
        FixedTokens + request.Messages.Sum(m => m.Text.Length) / CharactersPerToken;

    private static LimitRule? AtMost(string name, int limit) =>
        limit == 0 ? null : LimitRule.AtMost(name, limit, Minute);

    private static LimitRule? OnAverage(string name, int limit) =>
        limit == 0 ? null : LimitRule.OnAverage(name, limit, Minute, limit);
}
