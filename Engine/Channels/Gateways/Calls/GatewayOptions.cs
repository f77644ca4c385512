using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>How the gateways' servers are reached, which companies name themselves.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Channels";

    /// <summary>
    /// Hosts (<c>evolution</c>, <c>10.0.0.7</c>) that a channel's server may be on although they are not public; http
    /// is taken for them too. Also CHANNELS_PRIVATE_SERVERS, separated by a comma. Default none.
    /// </summary>
    public string[] PrivateServers { get; set; } = [];

    /// <summary>Where Z-API is. Default <c>https://api.z-api.io</c>.</summary>
    public string ZApiUrl { get; set; } = "https://api.z-api.io";

    /// <summary>
    /// From the start of a call to the end of its answer, at most; a file that goes along has ten times as long.
    /// Default 30 s.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>To open one connection, at most. Below <see cref="SendTimeout"/>. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections to one server, at most. Default 32.</summary>
    public int MaxConnections { get; set; } = 32;

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    public static GatewayOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        GatewayOptions options = configuration.GetSection(Section).Get<GatewayOptions>() ?? new();
        if (options.PrivateServers.Length == 0)
        {
            string hosts = configuration[$"{Section}:{nameof(PrivateServers)}"]
                ?? configuration["CHANNELS_PRIVATE_SERVERS"] ?? "";
            options.PrivateServers =
                hosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        string[] errors = [.. options.Errors()];
        if (errors.Length > 0) throw new OptionsValidationException(Section, typeof(GatewayOptions), errors);
        return options;
    }

    /// <summary>Whether the installation vouches for the host.</summary>
    public bool IsPrivateServer(string host) => PrivateServers.Contains(host, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> Errors()
    {
        if (!Uri.TryCreate(ZApiUrl, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            yield return $"{Section}:{nameof(ZApiUrl)} must be an http or https address";
        if (SendTimeout <= TimeSpan.Zero || SendTimeout > TimeSpan.FromMinutes(5))
            yield return $"{Section}:{nameof(SendTimeout)} must be positive and at most 5 minutes";
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > SendTimeout)
            yield return $"{Section}:{nameof(ConnectTimeout)} must be positive and at most {nameof(SendTimeout)}";
        if (MaxConnections is < 1 or > 10_000) yield return $"{Section}:{nameof(MaxConnections)} must be 1 to 10000";
    }
}
