using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vellarys.Tests.Simulator;

/// <summary>Signed webhooks to the product, again until they are taken.</summary>
internal sealed class SimulatorWebhooks(SimulatorConfig config, Uri product) : IDisposable
{
    private const int MostTries = 600;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A customer writes, which opens their window.</summary>
    public Task<bool> MessageAsync(string from, string id, string text, CancellationToken cancellationToken)
    {
        string sender = from.Contains('.', StringComparison.Ordinal) ? "from_user_id" : "from";
        var message = new Dictionary<string, object>
        {
            [sender] = from, ["id"] = id, ["type"] = "text", ["timestamp"] = Now(), ["text"] = new { body = text },
        };
        return PostAsync("messages", message, cancellationToken);
    }

    /// <summary>What became of a send.</summary>
    public Task<bool> StatusAsync(
        SimulatedSend send, string status, int error, CancellationToken cancellationToken)
    {
        var report = new Dictionary<string, object> { ["id"] = send.Id, ["status"] = status, ["timestamp"] = Now() };
        // Who has no number is not named by one.
        if (!send.To.Contains('.', StringComparison.Ordinal)) report["recipient_id"] = send.To;
        if (config.EchoesCorrelation) report["biz_opaque_callback_data"] = send.Correlation;
        if (error != 0) report["errors"] = new[] { new { code = error, title = "refused" } };
        return PostAsync("statuses", report, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> PostAsync(string list, object item, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(Body(list, item));
        for (int attempt = 0; attempt < MostTries; attempt++)
        {
            if (await TryAsync(body, cancellationToken)) return true;
            await Task.Delay(Again, TimeProvider.System, cancellationToken);
        }

        return false;
    }

    private async Task<bool> TryAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, product) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(config.Secret), body);
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(mac));
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private Dictionary<string, object> Body(string list, object item) => new()
    {
        ["object"] = "whatsapp_business_account",
        ["entry"] = new[]
        {
            new
            {
                id = "WABA",
                changes = new[]
                {
                    new
                    {
                        field = "messages",
                        value = new Dictionary<string, object>
                        {
                            ["messaging_product"] = "whatsapp",
                            ["metadata"] = new { display_phone_number = "15550000", phone_number_id = config.Number },
                            [list] = new[] { item },
                        },
                    },
                },
            },
        },
    };

    private static string Now() =>
        TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
