using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vellarys.Tests.Api;

/// <summary>
/// A reverse proxy as one line of nginx makes it, <c>proxy_pass http://127.0.0.1:7071;</c>: HTTP/1.0 to the upstream,
/// by the upstream's name, and no word of who asks. What the caller sends beside that is passed on.
/// </summary>
internal sealed class PlainProxy : IAsyncDisposable
{
    private static readonly string[] NotPassedOn = ["Host", "Connection", "Content-Length", "Transfer-Encoding"];

    private readonly WebApplication _app;
    private readonly HttpClient _upstream;

    private PlainProxy(WebApplication app, HttpClient upstream)
    {
        _app = app;
        _upstream = upstream;
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    /// <summary>Calls through it.</summary>
    public HttpClient Client { get; }

    public static async Task<PlainProxy> StartAsync(Uri upstream)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = upstream,
        };
        app.Run(context => ForwardAsync(context, client));
        await app.StartAsync();
        return new PlainProxy(app, client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private static async Task ForwardAsync(HttpContext context, HttpClient upstream)
    {
        using HttpRequestMessage request = new(
            new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString)
        {
            Version = HttpVersion.Version10,
        };
        if (context.Request.ContentLength > 0)
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (NotPassedOn.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        using HttpResponseMessage response = await upstream.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers) context.Response.Headers[name] = values.ToArray();
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        context.Response.Headers.Remove("Transfer-Encoding");
        await response.Content.CopyToAsync(context.Response.Body);
    }
}
