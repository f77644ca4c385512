using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>A running installation, over HTTP.</summary>
internal sealed class Connection : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _address;

    public Connection(Uri address, string key, string? tenant)
    {
        _address = address;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (tenant is not null) _http.DefaultRequestHeaders.Add("X-Tenant-Id", tenant);
    }

    public Task<JsonNode?> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    public Task<JsonNode?> PostAsync(string path, JsonNode? body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, null, cancellationToken);

    public async Task<(JsonNode? Body, string? Tag)> ReadTaggedAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await CallAsync(HttpMethod.Get, path, null, null, cancellationToken);
        return (await BodyAsync(answer, cancellationToken), answer.Headers.ETag?.ToString());
    }

    public async Task<JsonNode?> SendAsync(
        HttpMethod method, string path, JsonNode? body, string? tag, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await CallAsync(method, path, body, tag, cancellationToken);
        return await BodyAsync(answer, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> CallAsync(
        HttpMethod method, string path, JsonNode? body, string? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException)
        {
            throw new CommandFault($"Nothing answers at {_address}: is it running? --url names another address.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFault($"{_address} did not answer in time.");
        }
    }

    private static async Task<JsonNode?> BodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        JsonNode? body = null;
        try
        {
            if (text.Length > 0) body = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new CommandFault($"This is no Vellarys: {(int)answer.StatusCode} without JSON.");
        }

        if (answer.IsSuccessStatusCode) return body;
        string code = body?["code"]?.GetValue<string>() ?? ((int)answer.StatusCode).ToString(
            System.Globalization.CultureInfo.InvariantCulture);
        throw new CommandFault($"{code}: {body?["detail"]?.GetValue<string>() ?? "it was refused"}");
    }
}
