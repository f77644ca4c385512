using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vellarys.Tests.Crash;

/// <summary>
/// Customers who write through Meta: signed webhooks, delivered again until they are answered with 200, the next
/// message of a conversation only after the one before it was accepted.
/// </summary>
internal sealed class MetaCustomers(Uri host, string secret, string phoneNumberId) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private int _accepted;

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Posts until it is accepted.</summary>
    public async Task WriteAsync(string from, string id, string text)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(Webhook(from, id, text));
        while (!await PostAsync(body)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Interlocked.Increment(ref _accepted);
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> PostAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(host, "/api/whatsapp/webhooks/messages"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(mac));
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException)
        {
            return false;
        }
    }

    private object Webhook(string from, string id, string text) => new
    {
        @object = "whatsapp_business_account",
        entry = new[]
        {
            new
            {
                id = "WABA",
                changes = new[]
                {
                    new
                    {
                        field = "messages",
                        value = new
                        {
                            messaging_product = "whatsapp",
                            metadata = new { display_phone_number = "15550000", phone_number_id = phoneNumberId },
                            contacts = new[] { new { profile = new { name = "Cliente" }, wa_id = from } },
                            messages = new[]
                            {
                                new
                                {
                                    from, id, type = "text", text = new { body = text },
                                    timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(
                                        System.Globalization.CultureInfo.InvariantCulture),
                                },
                            },
                        },
                    },
                },
            },
        },
    };
}
