using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Functions.Http;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>Requests whose end the worker decides, not the engine.</summary>
public sealed class EnginePipelineTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private FunctionsWorld _world = null!;

    public async Task InitializeAsync() => _world = await FunctionsWorld.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    public void Dispose() => _left.Dispose();

    /// <summary>The worker takes the request away as soon as it hears that its caller has left.</summary>
    [Fact]
    public async Task EventStream_WatcherLeaves_IsNoFailedFunction()
    {
        Pipe body = new();
        DefaultHttpContext context = Request("GET", "/api/v1/events", body.Writer.AsStream());
        context.Request.Headers.Authorization = "Bearer " + FunctionsWorld.ApiKey;
        Task<IResult> stream = Pipeline.RunAsync(context, _left.Token);
        await ReadUntilAsync(body.Reader, "event: ready");

        context.Uninitialize();
        await _left.CancelAsync();

        Assert.Same(Results.Empty, await stream);
    }

    [Fact]
    public async Task Webhook_CallIsCancelled_IsNotAnsweredAsAccepted()
    {
        DefaultHttpContext context = Request("POST", "/api/v1/webhooks/meta-cloud", new MemoryStream());
        context.Request.Headers["X-Hub-Signature-256"] = "sha256=" + new string('0', 64);
        context.Request.ContentLength = 2;
        context.Request.Body = new Pipe().Reader.AsStream();
        Task<IResult> webhook = Pipeline.RunAsync(context, _left.Token);

        await _left.CancelAsync();
        await webhook;

        Assert.Equal(503, context.Response.StatusCode);
    }

    private EnginePipeline Pipeline => _world.Host.Services.GetRequiredService<EnginePipeline>();

    private DefaultHttpContext Request(string method, string path, Stream answer)
    {
        DefaultHttpContext context = new() { RequestServices = _world.Host.Services };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        (context.Request.Method, context.Request.Path, context.Request.Scheme) = (method, path, "http");
        context.Request.Host = new HostString("localhost");
        return context;
    }

    private static async Task ReadUntilAsync(PipeReader reader, string text)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            if (Encoding.UTF8.GetString(read.Buffer).Contains(text, StringComparison.Ordinal)) return;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
