using System.Diagnostics.Metrics;

namespace Vellarys.Accounts.Sessions;

/// <summary>Meter <c>Vellarys.Accounts</c>: how sign-ins and refreshes end, without a word on whose.</summary>
internal sealed class AccountMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _refreshes;

    public AccountMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create("Vellarys.Accounts");
        _attempts = meter.CreateCounter<long>("sign_in.attempts", description: "Attempts to sign in, by outcome");
        _refreshes = meter.CreateCounter<long>("session.refreshes", description: "Refreshes, by outcome");
    }

    public void SignIn(string outcome) => _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Refresh(string outcome) => _refreshes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
