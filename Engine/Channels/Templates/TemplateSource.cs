using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vellarys.Channels.MetaCloud;

namespace Vellarys.Channels.Templates;

/// <summary>The templates of a business account at Meta.</summary>
internal sealed class TemplateSource(MetaCloudOptions options) : IDisposable
{
    private const int MostPages = 50;
    private const long MostBytes = 4 * 1_024 * 1_024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = false,
    })
    {
        Timeout = options.SendTimeout,
        MaxResponseContentBufferSize = MostBytes,
    };

    /// <summary>All of them; null when the provider does not say, with its code.</summary>
    public async Task<(IReadOnlyList<ListedTemplate>? All, string? Code)> ListAsync(
        Channel channel, string account, CancellationToken cancellationToken)
    {
        List<ListedTemplate> all = [];
        string? after = null;
        for (int page = 0; page < MostPages; page++)
        {
            string path = $"/{Uri.EscapeDataString(account)}/message_templates?limit=200"
                + "&fields=id,name,language,status,category,quality_score,rejected_reason,components"
                + (after is null ? "" : "&after=" + Uri.EscapeDataString(after));
            (JsonElement? answer, string? code) = await SendAsync(
                channel, HttpMethod.Get, path, null, cancellationToken);
            if (answer is not { } body) return (null, code);
            if (body.TryGetArray("data"u8, out JsonElement items))
                foreach (JsonElement item in items.EnumerateArray())
                    if (ListedTemplate.Read(item) is { } read) all.Add(read);
            after = body.TryGet("paging"u8, out JsonElement paging) && paging.TryGet("next"u8, out _)
                && paging.TryGet("cursors"u8, out JsonElement cursors) ? cursors.Hint("after"u8, 1_000) : null;
            if (string.IsNullOrEmpty(after)) return (all, null);
        }

        return (all, null);
    }

    /// <summary>Asks for approval, anew where it is known already.</summary>
    public async Task<TemplateHandedIn> HandInAsync(
        Channel channel, string account, string? providerId, TemplateInput input, CancellationToken cancellationToken)
    {
        int places = TemplateText.PlacesOf(input.Body!);
        JsonObject component = new() { ["type"] = "BODY", ["text"] = input.Body };
        if (places > 0)
        {
            component["example"] = new JsonObject
            {
                ["body_text"] = new JsonArray(
                    new JsonArray([.. Enumerable.Range(1, places).Select(n => (JsonNode)$"exemplo {n}")])),
            };
        }

        JsonObject body = new()
        {
            ["category"] = input.Category!.ToUpperInvariant(),
            ["components"] = new JsonArray(component),
        };
        if (providerId is null) (body["name"], body["language"]) = (input.Name, input.Language);
        string path = providerId is null
            ? $"/{Uri.EscapeDataString(account)}/message_templates"
            : "/" + Uri.EscapeDataString(providerId);
        (JsonElement? answer, string? code) = await SendAsync(
            channel, HttpMethod.Post, path, body.ToJsonString(), cancellationToken);
        if (answer is not { } said) return new TemplateHandedIn(null, null, code ?? "no_answer");
        return new TemplateHandedIn(
            said.StringOrNumber("id"u8, 100), ListedTemplate.StatusOf(said.Hint("status"u8, 50)), null);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(JsonElement? Body, string? Code)> SendAsync(
        Channel channel, HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        if (channel.SecretFault is not null || channel.AccessToken.Length == 0) return (null, "no_token");
        using var request = new HttpRequestMessage(method, options.BaseUrl + path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + channel.AccessToken.Trim());
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            JsonElement root = JsonElement.Parse(bytes);
            if (response.IsSuccessStatusCode) return (root, null);
            string? code = root.TryGet("error"u8, out JsonElement error) ? error.StringOrNumber("code"u8, 32) : null;
            return (null, code ?? ((int)response.StatusCode).ToString(null, null));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException
            || e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (null, "no_answer");
        }
    }
}

/// <param name="Status">As in <see cref="TemplateRow.Status"/>.</param>
/// <param name="Refusal">The provider's code; null when it took the template.</param>
internal sealed record TemplateHandedIn(string? ProviderId, string? Status, string? Refusal);
