using System.Collections.Concurrent;
using System.Globalization;

namespace Vellarys.Tests.Crash;

/// <summary>
/// The provider's receipts: what it accepted is reported as sent and then as delivered, with the sender's own id, and
/// again until the report is accepted.
/// </summary>
internal sealed class MetaStatuses(MetaWebhooks webhooks) : IAsyncDisposable
{
    /// <summary>How long after the send its first receipt leaves; providers take about that.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _reports = [];

    public void Report(ProviderSend send) => _reports.Add(ReportAsync(send));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reports).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReportAsync(ProviderSend send)
    {
        foreach (string status in (string[])["sent", "delivered"])
        {
            await Task.Delay(Delay, TimeProvider.System, _stop.Token);
            var item = new
            {
                id = send.Id, status, recipient_id = send.To, biz_opaque_callback_data = send.Correlation,
                timestamp = send.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            };
            await webhooks.DeliverAsync("statuses", item, send.To, _stop.Token);
        }
    }
}
