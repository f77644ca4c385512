using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Vellarys.Tests.Simulator;

/// <summary>
/// Meta's send API on a port of this machine: takes what the real one would, refuses what it would refuse, and reports
/// what became of it by signed webhooks. The same seed does the same to the same customers.
/// </summary>
internal sealed class ProviderSimulator : IAsyncDisposable
{
    private readonly SimulatorConfig _config;
    private readonly SimulatedNumber _number;
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly ConcurrentBag<Task> _reports = [];
    private readonly CancellationTokenSource _stop = new();
    private SimulatorWebhooks? _webhooks;

    private ProviderSimulator(SimulatorConfig config, WebApplication app, TimeProvider time)
    {
        (_config, _app, _time, _start) = (config, app, time, time.GetTimestamp());
        _number = new SimulatedNumber(config);
        Customers = new SimulatedCustomers(config);
    }

    public SimulatedCustomers Customers { get; }

    public SimulatorLedger Ledger { get; } = new();

    /// <summary>What the product takes for the Graph API.</summary>
    public string Url => new Uri(new Uri(_app.Urls.First()), "/v25.0").ToString();

    public static async Task<ProviderSimulator> StartAsync(SimulatorConfig config, TimeProvider? time = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http1));
        WebApplication app = builder.Build();
        var simulator = new ProviderSimulator(config, app, time ?? TimeProvider.System);
        app.MapPost("/v25.0/{number}/messages", simulator.TakeAsync);
        app.MapGet("/v25.0/{number}", (HttpContext context, string number) => simulator.IsToken(context)
            ? context.Response.WriteAsJsonAsync(new { id = number })
            : RefuseAsync(context, 401, 190));
        await app.StartAsync();
        return simulator;
    }

    /// <summary>Where statuses go from now on; null: nowhere.</summary>
    public void ReportTo(Uri? product)
    {
        _webhooks?.Dispose();
        _webhooks = product is null ? null : new SimulatorWebhooks(_config, product);
    }

    /// <summary>A customer writes to the product.</summary>
    public Task<bool> WriteAsync(string from, string id, string text)
    {
        lock (_gate) _number.Hear(from, _time.GetElapsedTime(_start));
        return _webhooks!.MessageAsync(from, id, text, _stop.Token);
    }

    /// <summary>The customer's window is open, though nobody is told of it.</summary>
    public void Hear(string from)
    {
        lock (_gate) _number.Hear(from, _time.GetElapsedTime(_start));
    }

    /// <summary>Ends once every report that is due was taken.</summary>
    public async Task ReportedAsync()
    {
        while (_reports.TryTake(out Task? report)) await report;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reports).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _webhooks?.Dispose();
        _stop.Dispose();
    }

    private bool IsToken(HttpContext context) => context.Request.Headers.Authorization == "Bearer " + _config.Token;

    private async Task TakeAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        JsonElement body = request.RootElement;
        if (!IsToken(context))
        {
            await RefuseAsync(context, 401, 190);
            return;
        }

        if (body.TryGetProperty("status", out _))
        {
            await context.Response.WriteAsJsonAsync(new { success = true });
            return;
        }

        (SimulatedSend send, int count) = Record(body);
        if (!send.IsAccepted)
        {
            await RefuseAsync(context, 400, send.Refusal);
            return;
        }

        bool reportsFirst = Is(_config.ReportedFirst, "first", send.To, count);
        Task reported = Is(_config.Reported, "report", send.To, count)
            ? ReportAsync(send, count, reportsFirst)
            : Task.CompletedTask;
        _reports.Add(reported);
        if (reportsFirst) await reported;
        if (_config.AnswerDelay > TimeSpan.Zero) await Task.Delay(_config.AnswerDelay, _time);
        if (Is(_config.CutAfterAccept, "cut", send.To, count)) context.Abort();
        else if (Is(_config.FailedAfterAccept, "fail", send.To, count)) await RefuseAsync(context, 500, 131000);
        else await AcceptAsync(context, send);
    }

    private (SimulatedSend Send, int Count) Record(JsonElement body)
    {
        JsonElement whom = body.TryGetProperty("to", out JsonElement number) ? number : body.GetProperty("recipient");
        string to = whom.GetString()!;
        string type = body.GetProperty("type").GetString()!;
        string text = type == "text" ? body.GetProperty("text").GetProperty("body").GetString()! : "";
        string correlation =
            body.TryGetProperty("biz_opaque_callback_data", out JsonElement own) ? own.GetString()! : "";
        lock (_gate)
        {
            TimeSpan now = _time.GetElapsedTime(_start);
            int refusal = _number.Judge(to, type, Customers, now);
            int count = refusal == 0 ? _counts[to] = _counts.GetValueOrDefault(to) + 1 : 0;
            bool isAnswered = refusal == 0 && !Is(_config.CutAfterAccept, "cut", to, count)
                && !Is(_config.FailedAfterAccept, "fail", to, count);
            SimulatedSend send = Ledger.Add(place => new SimulatedSend(
                place, $"wamid.S{place}", to, text, type, correlation, now, refusal) { IsAnswered = isAnswered });
            return (send, count);
        }
    }

    private async Task ReportAsync(SimulatedSend send, int count, bool isAtOnce)
    {
        if (_webhooks is not { } webhooks) return;
        int error = Customers.IsUnwilling(send.To) ? 131049 : 0;
        string[] states = error == 0 ? ["sent", "delivered"] : ["failed"];
        if (Is(_config.Overtaken, "overtaken", send.To, count)) Array.Reverse(states);
        foreach (string state in states)
        {
            double wait = SimulatorChance.Of(_config.Seed, "wait" + state, send.To, count);
            if (!isAtOnce) await Task.Delay(_config.StatusDelay * wait, _time, _stop.Token);
            int times = Is(_config.Doubled, "double" + state, send.To, count) ? 2 : 1;
            for (; times > 0; times--)
            {
                if (!await webhooks.StatusAsync(send, state, error, _stop.Token)) return;
                send.ReportedAt ??= _time.GetElapsedTime(_start);
                send.IsReported = true;
            }
        }
    }

    private bool Is(double share, string what, string whom, int count) =>
        share > 0 && SimulatorChance.Of(_config.Seed, what, whom, count) < share;

    private static Task AcceptAsync(HttpContext context, SimulatedSend send) => context.Response.WriteAsJsonAsync(new
    {
        messaging_product = "whatsapp",
        contacts = new[] { new { input = send.To, wa_id = send.To } },
        messages = new[] { new { id = send.Id } },
    });

    private static Task RefuseAsync(HttpContext context, int status, int code)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new { error = new { message = $"(#{code}) refused", type = "OAuthException", code, fbtrace_id = "A1" } });
    }
}
