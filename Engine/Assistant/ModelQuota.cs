using Vellarys.Limits;

namespace Vellarys.Assistant;

/// <summary>
/// The model's requests and tokens, shared by all instances: taken before each call by an estimate, corrected by what
/// the call really used, blocked for everybody when the model says 429.
/// </summary>
internal sealed class ModelQuota(
    ILimits limits, LimitsOptions limitsOptions, AssistantOptions options, TimeProvider time)
{
    public const string Code = "model_quota";

    // At the published addresses, an account begins with these.
    private const int UsualRequests = 500;
    private const int UsualTokens = 200_000;

    // Schema and answer; a token of Portuguese is about four characters.
    private const int FixedTokens = 500;
    private const int CharactersPerToken = 4;

    // A 429 that names no time.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly LimitRule? _requests = AtMost(
        "model-requests", limitsOptions.ModelRequestsPerMinute ?? Usual(options, UsualRequests));

    private readonly LimitRule? _tokens = AtMost(
        "model-tokens", limitsOptions.ModelTokensPerMinute ?? Usual(options, UsualTokens));

    private readonly LimitRule? _tenant = OnAverage("model-tenant", limitsOptions.TenantModelRequestsPerMinute
        ?? (limitsOptions.ModelRequestsPerMinute ?? Usual(options, UsualRequests)) * 4 / 5);

    private readonly LimitRule? _customer = OnAverage(
        "model-customer", limitsOptions.CustomerModelRequestsPerMinute);

    // A 429 closes a bucket of its own: it holds where no quota is known, too.
    private readonly LimitRule _busy = new("model-busy", 1_000_000, 1_000_000);

    /// <summary>Waits for its turn in place while that is short.</summary>
    /// <returns>The tokens taken.</returns>
    /// <exception cref="TransientFault">The turn has to come back later; nobody is to blame.</exception>
    public async ValueTask<int> EnterAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        int tokens = Estimate(request);
        LimitVerdict verdict = await limits.TakeAsync(
            Takes(request, tokens), options.RetryAfterLimit, cancellationToken);
        if (!verdict.Allowed)
        {
            throw new TransientFault(Code, $"The quota {verdict.Bucket} is used up.")
            {
                IsOutage = true,
                RetryAfter = Later(verdict.Wait),
            };
        }

        if (verdict.Wait > TimeSpan.Zero) await Task.Delay(verdict.Wait, time, cancellationToken);
        return tokens;
    }

    public ValueTask UsedAsync(int estimated, ModelReply reply, CancellationToken cancellationToken)
    {
        int used = reply.InputTokens + reply.OutputTokens;
        return _tokens is null || used == 0 || used == estimated
            ? ValueTask.CompletedTask
            : limits.ChargeAsync([new LimitTake(_tokens, options.Deployment, used - estimated)], cancellationToken);
    }

    public ValueTask RefusedAsync(TimeSpan? retryAfter, CancellationToken cancellationToken) => limits.BlockAsync(
        _busy, options.Deployment, retryAfter > LeastPause ? retryAfter.Value : LeastPause, cancellationToken);

    /// <summary>Turns that were refused together do not come back together.</summary>
    public static TimeSpan Later(TimeSpan wait) => wait * (1 + Random.Shared.NextDouble() / 2);

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

    private static int Usual(AssistantOptions options, int quota) => options.HasPublishedQuota ? quota : 0;

    private static LimitRule? AtMost(string name, int limit) =>
        limit == 0 ? null : LimitRule.AtMost(name, limit, Minute);

    private static LimitRule? OnAverage(string name, int limit) =>
        limit == 0 ? null : LimitRule.OnAverage(name, limit, Minute, limit);
}
