using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>A company's own server, which answers as the test says and keeps what it was sent.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Everything that was sent, taken or not.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>Returns the status to answer with; 0 for none.</summary>
    public Func<Call, Task<int>> Answer { get; set; } = _ => Task.FromResult(204);

    public string Url => _app.Urls.First() + "/hooks";

    public IEnumerable<Call> Taken => Calls.Where(c => c.Status is >= 200 and < 300);

    /// <param name="port">0 for any.</param>
    public static async Task<Receiver> StartAsync(int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        WebApplication app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/hooks", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var call = new Call(
            context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString(),
            context.Request.Headers["webhook-signature"].ToString(), await reader.ReadToEndAsync());
        Calls.Enqueue(call);
        call.Status = await Answer(call);
        // It dies before it has answered.
        if (call.Status == 0)
        {
            context.Abort();
            return;
        }

        if (call.Status is >= 300 and < 400) context.Response.Headers.Location = "http://169.254.169.254/latest";
        context.Response.StatusCode = call.Status;
    }
}

/// <summary>One POST as it came in.</summary>
internal sealed record Call(string Id, string Timestamp, string Signature, string Body)
{
    public int Status { get; set; }

    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>As a receiver would verify it, from the specification and nothing of the product's.</summary>
    public bool IsSignedWith(string secret)
    {
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        using var hmac = IncrementalHash.CreateHMAC(
            HashAlgorithmName.SHA256, Convert.FromBase64String(secret["whsec_".Length..]));
        foreach (string part in (string[])[Id, ".", Timestamp, ".", Body])
            hmac.AppendData(Encoding.UTF8.GetBytes(part));
        string expected = "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
        return Signature.Split(' ').Contains(expected);
    }
}
