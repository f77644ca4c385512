using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vellarys.Benchmarks.Attack;

/// <summary>Model, Graph API and an agent's webhook in one server; any of them may answer without end.</summary>
internal sealed class OutsideWorld : IAsyncDisposable
{
    private static string Answer(bool callsPeople) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        choices = new[]
        {
            new
            {
                index = 0, finish_reason = "stop",
                message = new
                {
                    role = "assistant",
                    content = $$"""
                        {"reply":"Tudo bem!","intent":"other","qualification":"unknown","helped":true,
                        "handoff":{{(callsPeople ? "\"customer_asked\"" : "null")}}}
                        """,
                },
            },
        },
        usage = new { prompt_tokens = 100, completion_tokens = 10, total_tokens = 110 },
    });

    private readonly WebApplication _app;
    private readonly TimeSpan _thinks;
    private long _poured;

    private OutsideWorld(WebApplication app, TimeSpan thinks) => (_app, _thinks) = (app, thinks);

    public string Url => _app.Urls.Single();

    /// <summary>Which of model, provider and agent answer without end.</summary>
    public HashSet<string> Endless { get; } = [];

    /// <summary>Whether the model hands each conversation to a person.</summary>
    public bool CallsPeople { get; set; }

    /// <summary>Who was asked how often.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>When a message went to a number, first.</summary>
    public ConcurrentDictionary<string, long> Sends { get; } = new();

    /// <summary>Bytes that endless answers have got rid of.</summary>
    public long Poured => Interlocked.Read(ref _poured);

    public static async Task<OutsideWorld> StartAsync(TimeSpan thinks)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var world = new OutsideWorld(app, thinks);
        app.MapPost("/v1/chat/completions", http => world.HandleAsync(http, "model"));
        app.MapPost("/v21.0/{number}/messages", http => world.HandleAsync(http, "provider"));
        app.MapPost("/agent", http => world.HandleAsync(http, "agent"));
        await app.StartAsync();
        return world;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http, string who)
    {
        using JsonDocument asked = await JsonDocument.ParseAsync(http.Request.Body);
        Calls.AddOrUpdate(who, 1, (_, calls) => calls + 1);
        if (Endless.Contains(who)) await PourAsync(http);
        else if (who == "model") await ThinkAsync(http);
        else if (who == "provider") await SendAsync(http, asked.RootElement);
    }

    private async Task ThinkAsync(HttpContext http)
    {
        await Task.Delay(_thinks, TimeProvider.System);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(Answer(CallsPeople));
    }

    private async Task SendAsync(HttpContext http, JsonElement message)
    {
        if (message.TryGetProperty("to", out JsonElement to)) Sends.TryAdd(to.GetString()!, Stopwatch.GetTimestamp());
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{"messages":[{"id":"wamid.{{Ids.New(TimeProvider.System):N}}"}]}""");
    }

    private async Task PourAsync(HttpContext http)
    {
        byte[] page = new byte[64 * 1_024];
        Array.Fill(page, (byte)' ');
        try
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                // Kestrel drops what is written once the other side has left: without a pause it would not be noticed.
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                await http.Response.Body.WriteAsync(page, http.RequestAborted);
                Interlocked.Add(ref _poured, page.Length);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Nobody listens any more.
        }
    }
}
