using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vellarys.Tests.Crash;

/// <summary>
/// Meta's webhooks: signed, and delivered again until they are answered with 200. With several hosts each delivery goes
/// to the next, as a load balancer has it.
/// </summary>
internal sealed class MetaWebhooks(string secret, string phoneNumberId, params Uri[] hosts) : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private int _next;

    /// <summary>Of the app, or of one channel.</summary>
    public string Path { get; init; } = "/api/whatsapp/webhooks/messages";

    /// <param name="field">Which list of the change <paramref name="item"/> is in.</param>
    public async Task DeliverAsync(string field, object item, string customer, CancellationToken cancellationToken)
    {
        while (await PostAsync(field, item, customer, cancellationToken) != HttpStatusCode.OK)
            await Task.Delay(Again, TimeProvider.System, cancellationToken);
    }

    /// <summary>Once; null where there was no answer.</summary>
    public async Task<HttpStatusCode?> PostAsync(
        string field, object item, string customer, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(Webhook(field, item, customer));
        using var request = Request(body);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(byte[] body)
    {
        Uri host = hosts[(uint)Interlocked.Increment(ref _next) % hosts.Length];
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host, Path))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(mac));
        return request;
    }

    private Dictionary<string, object> Webhook(string field, object item, string customer) => new()
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
                            ["metadata"] = new { display_phone_number = "15550000", phone_number_id = phoneNumberId },
                            ["contacts"] = new[] { new { profile = new { name = "Cliente" }, wa_id = customer } },
                            [field] = new[] { item },
                        },
                    },
                },
            },
        },
    };
}
