using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Vellarys.Tests.Crash;

/// <summary>One message as the provider accepted it.</summary>
/// <param name="Id">The provider's own id, which its statuses name.</param>
internal sealed record ProviderSend(string Id, string To, string Text, string Correlation, DateTimeOffset At)
{
    /// <summary>The last message of the customer that the reply answers; null where no model made it.</summary>
    public int? Reference
    {
        get
        {
            int from = Text.IndexOf("[ref:", StringComparison.Ordinal) + 5;
            return from < 5
                ? null
                : int.Parse(Text.AsSpan(from, Text.IndexOf(']', from) - from), CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>The model and the provider on one loopback port; both remember what they were asked.</summary>
internal sealed class OutsideWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _ids;

    private OutsideWorld(WebApplication app) => _app = app;

    /// <summary>Hears of each send as it is accepted.</summary>
    public Action<ProviderSend>? Accepted { get; set; }

    /// <summary>Accepted sends in the order of their arrival.</summary>
    public ConcurrentQueue<ProviderSend> Sends { get; } = new();

    /// <summary>The last user message of each model call.</summary>
    public ConcurrentQueue<string> Questions { get; } = new();

    public Uri Address => new(_app.Urls.First());

    public string ModelUrl => new Uri(Address, "/v1").ToString();

    public string ProviderUrl => new Uri(Address, "/v25.0").ToString();

    public static async Task<OutsideWorld> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http1));
        WebApplication app = builder.Build();
        var world = new OutsideWorld(app);
        app.MapPost("/v1/chat/completions", world.AnswerAsync);
        app.MapPost("/v25.0/{number}/messages", world.AcceptAsync);
        app.MapGet("/v25.0/{number}", (string number) => new { id = number });
        await app.StartAsync();
        return world;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        string question = request.RootElement.GetProperty("messages").EnumerateArray().Last()
            .GetProperty("content").GetString() ?? "";
        Questions.Enqueue(question);
        int at = question.LastIndexOf("[ref:", StringComparison.Ordinal);
        string reference = at < 0 ? "" : question[at..(question.IndexOf(']', at) + 1)];
        string answer = JsonSerializer.Serialize(new
        {
            reply = $"Obrigado! {reference}", intent = "pricing", sentiment = "neutral", qualification = "warm",
            score = 40,
            fields = Array.Empty<object>(), handoff = (string?)null, helped = true, summary = (string?)null,
        });
        await context.Response.WriteAsJsonAsync(new
        {
            id = "chatcmpl-1", @object = "chat.completion", created = 1_760_000_000, model = "test",
            choices = new[]
            {
                new { index = 0, message = new { role = "assistant", content = answer }, finish_reason = "stop" },
            },
            usage = new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 },
        });
    }

    private async Task AcceptAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        JsonElement body = request.RootElement;
        if (body.TryGetProperty("status", out _))
        {
            await context.Response.WriteAsJsonAsync(new { success = true });
            return;
        }

        var send = new ProviderSend(
            $"wamid.OUT{Interlocked.Increment(ref _ids)}",
            body.GetProperty("to").GetString()!, body.GetProperty("text").GetProperty("body").GetString()!,
            body.GetProperty("biz_opaque_callback_data").GetString()!, TimeProvider.System.GetUtcNow());
        Sends.Enqueue(send);
        Accepted?.Invoke(send);
        await context.Response.WriteAsJsonAsync(new
        {
            messaging_product = "whatsapp",
            messages = new[] { new { id = send.Id } },
        });
    }
}
