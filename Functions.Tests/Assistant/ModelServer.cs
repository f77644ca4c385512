using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vellarys.Tests.Assistant;

/// <summary>A model's HTTP server on the loopback interface that does what the test says.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private ModelServer(WebApplication app) => _app = app;

    /// <summary>What to answer to the nth call, from 1.</summary>
    public Func<int, HttpContext, Task> Answer { get; set; } = (_, http) => SayAsync(http, Plain("Tudo bem!"));

    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>What each call had as <c>Authorization</c>.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    /// <summary>What each call had as <c>api-key</c>; empty for none.</summary>
    public ConcurrentQueue<string> ApiKeys { get; } = new();

    /// <summary>Path and query of each call, as they came over the wire.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The root of OpenAI's API.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The same server as a resource of Azure.</summary>
    public Uri Resource => new(Url, "/");

    public static async Task<ModelServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        ModelServer server = new(app);
        app.MapPost("/v1/chat/completions", server.HandleAsync);
        app.MapPost("/openai/deployments/{deployment}/chat/completions", server.HandleAsync);
        await app.StartAsync();
        IFeatureCollection features = app.Services.GetRequiredService<IServer>().Features;
        server.Url = new Uri(features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single() + "/v1");
        return server;
    }

    /// <summary>A whole answer with that content in its message.</summary>
    public static string Completion(string content) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        choices = new[] { new { index = 0, message = new { role = "assistant", content }, finish_reason = "stop" } },
        usage = new { prompt_tokens = 120, completion_tokens = 30, total_tokens = 150 },
    });

    /// <summary>A structured answer that says only this.</summary>
    public static string Plain(
        string reply, string qualification = "unknown", string? handoff = null, bool helped = true,
        string? summary = null) => Completion(JsonSerializer.Serialize(new
        {
            reply,
            intent = "smalltalk",
            sentiment = "neutral",
            qualification,
            score = 10,
            fields = Array.Empty<object>(),
            handoff,
            helped,
            summary,
        }));

    public static Task SayAsync(HttpContext http, string body)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }

    public static Task FailAsync(HttpContext http, int status, string? retryAfter = null)
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        return http.Response.WriteAsync("""{"error":{"message":"as the test says"}}""");
    }

    /// <summary>Never answers; ends when the caller gives up.</summary>
    public static async Task HangAsync(HttpContext http)
    {
        TaskCompletionSource gone = new();
        await using CancellationTokenRegistration _ = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using StreamReader reader = new(http.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync());
        Keys.Enqueue(http.Request.Headers.Authorization.ToString());
        ApiKeys.Enqueue(http.Request.Headers["api-key"].ToString());
        Targets.Enqueue(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        await Answer(Interlocked.Increment(ref _calls), http);
    }
}
