using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Vellarys.Standalone;

/// <summary>Kestrel, with limits that a slow or greedy client runs into.</summary>
internal static class WebServer
{
    private const int MaxBodyBytes = 10 * 1024 * 1024;
    private const int BufferBytes = 64 * 1024;

    public static void AddWebServer(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<ListenOptions>, ListenOptionsRules>();
        builder.Services.AddOptions<ListenOptions>().Bind(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsRules>();
        builder.Services.AddOptions<WebOptions>().Bind(builder.Configuration.GetSection(WebOptions.Section))
            .ValidateOnStart();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<WebOptions>>((kestrel, web) =>
            kestrel.Limits.MaxConcurrentConnections = web.Value.MaxConnections);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What a connection may have sent before anybody reads it; a megabyte by default, times every connection.
            kestrel.Limits.MaxRequestBufferSize = BufferBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            // Webhooks have a limit of their own, below this.
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
    }

    /// <summary>Once the settings are known to be valid.</summary>
    public static void Listen(this WebApplication app)
    {
        ListenOptions options = app.Services.GetRequiredService<IOptions<ListenOptions>>().Value;
        string host = options.Host.Contains(':', StringComparison.Ordinal) ? $"[{options.Host}]" : options.Host;
        app.Urls.Add($"http://{host}:{options.Port}");
    }
}
