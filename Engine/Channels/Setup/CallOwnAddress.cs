using System.Globalization;
using System.Net.Http;

namespace Vellarys.Channels.Setup;

/// <summary>Comes to the installation from outside, by the address that its operator gave.</summary>
internal sealed class CallOwnAddress(TimeProvider time) : IDisposable
{
    private const int MaxAnswer = 1_024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        // A redirect would take the token elsewhere.
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseDrainSize = 0,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    });

    /// <summary>What a GET is answered, or why there is no answer.</summary>
    public async Task<(string? Answer, string? Fault)> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(Longest, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            if ((int)response.StatusCode != 200)
                return (null, "http_" + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
            await using Stream body = await response.Content.ReadAsStreamAsync(limit.Token);
            byte[] bytes = new byte[MaxAnswer];
            int read = await body.ReadAtLeastAsync(bytes, MaxAnswer, throwOnEndOfStream: false, limit.Token);
            return (System.Text.Encoding.UTF8.GetString(bytes, 0, read), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, e is OperationCanceledException ? "timeout" : "no_connection");
        }
    }

    public void Dispose() => _http.Dispose();
}
