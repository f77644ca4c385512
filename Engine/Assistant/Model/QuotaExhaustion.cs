using Microsoft.Extensions.Logging;

namespace Vellarys.Assistant.Model;

/// <summary>
/// What this process knows of a deployment that refuses for want of quota: for how long it is closed, and since when
/// nothing has come through. A short shortage is waited for; one that lasts makes the model optional again.
/// </summary>
internal sealed class QuotaExhaustion(AssistantOptions options, TimeProvider time, ILogger<QuotaExhaustion> logger)
{
    /// <summary>How long customers wait for a quota before they are answered offline.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    // Nothing came through since, but nothing was asked either: that is another shortage.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPromise = TimeSpan.FromDays(1);

    // Between two refusals in a busy minute nothing has changed.
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private TimeSpan? _since;
    private TimeSpan _last;
    private TimeSpan _closedUntil;
    private Told _told;

    private enum Told
    {
        Suffices,
        Short,
        Lasts,
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>
    /// For how long all that come are refused; zero also when it lasts, because then they are answered offline.
    /// </summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                TimeSpan left = _closedUntil - Now;
                return left <= TimeSpan.Zero || Lasts(Now) ? TimeSpan.Zero : left;
            }
        }
    }

    public bool IsLasting
    {
        get
        {
            lock (_gate) return Lasts(Now);
        }
    }

    /// <param name="wait">For how long, as far as is known.</param>
    public void Refused(TimeSpan wait)
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            if (_since is null || now - _last > Forgotten) _since = now;
            _last = now;
            TimeSpan until = now + (wait < LongestPromise ? wait : LongestPromise);
            if (until > _closedUntil) _closedUntil = until;
            Tell(Lasts(now) ? Told.Lasts : Told.Short);
        }
    }

    public void Answered()
    {
        lock (_gate)
        {
            if (_since is null && _told == Told.Suffices) return;
            (_since, _closedUntil) = (null, TimeSpan.Zero);
            if (Now - _last >= Calm) Tell(Told.Suffices);
        }
    }

    private bool Lasts(TimeSpan now) =>
        _closedUntil - now > Bound || (_since is { } since && now - since >= Bound && now - _last <= Forgotten);

    // Once for each change; a shortage that is over for a moment has not ended.
    private void Tell(Told what)
    {
        if (what == _told || (what == Told.Short && _told == Told.Lasts)) return;
        _told = what;
        switch (what)
        {
            case Told.Short:
                Log.DeploymentShort(logger, options.Deployment);
                break;
            case Told.Lasts:
                Log.DeploymentShortLasts(logger, options.Deployment, Bound);
                break;
            default:
                Log.DeploymentSuffices(logger, options.Deployment);
                break;
        }
    }
}
