using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Api;

/// <summary>
/// No caller, and no tenant, takes the API for itself: each has a bucket of calls, by instance. Behind
/// <see cref="ApiAccess"/>, which knows the caller. What is open to all is not counted: webhooks are customers'
/// messages, and signing in has limits of its own. Nor is the installation's key, which is the operator's.
/// </summary>
internal sealed class CallRates : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly ILogger<CallRates> _log;
    private readonly PartitionedRateLimiter<Caller> _limits;

    public CallRates(RequestDelegate next, ApiOptions options, ILogger<CallRates> log)
    {
        _next = next;
        _log = log;
        _limits = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<Caller, (TenantId?, Guid?, Guid?)>(caller =>
                caller.Kind == CallerKind.Installation
                    ? RateLimitPartition.GetNoLimiter((caller.Tenant, caller.User, caller.Key))
                    : Bucket((caller.Tenant, caller.User, caller.Key), options, callers: 1)),
            PartitionedRateLimiter.Create<Caller, Guid>(caller => caller.Tenant is { } tenant
                ? Bucket(tenant.Value, options, ApiOptions.CallersOfTenant)
                : RateLimitPartition.GetNoLimiter(Guid.Empty)));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<Caller>() is not { } caller)
        {
            await _next(context);
            return;
        }

        using (RateLimitLease lease = _limits.AttemptAcquire(caller))
        {
            if (!lease.IsAcquired)
            {
                await RefuseAsync(context, lease);
                return;
            }
        }

        await _next(context);
    }

    public void Dispose() => _limits.Dispose();

    private Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        _log.RequestRefused("rate_limited");
        TimeSpan wait = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan told) ? told : TimeSpan.Zero;
        double seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(
            StatusCodes.Status429TooManyRequests, "rate_limited", "Too many calls: wait as Retry-After says.")
            .ExecuteAsync(context);
    }

    private static RateLimitPartition<TKey> Bucket<TKey>(TKey key, ApiOptions options, int callers) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Burst * callers,
            TokensPerPeriod = callers,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / options.RequestsPerSecond),
            QueueLimit = 0,
        });
}
