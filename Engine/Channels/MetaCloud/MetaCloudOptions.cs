using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Channels.MetaCloud;

/// <summary>The installation's own Meta app, and how its Graph API is reached.</summary>
internal sealed class MetaCloudOptions
{
    public const string Section = "MetaCloud";

    /// <summary>
    /// What the app signs webhooks with; two during a rotation. Also META_APP_SECRET or APP_SECRET, separated by a
    /// comma. Default none: only channels with secrets of their own take webhooks.
    /// </summary>
    public string[] AppSecrets { get; set; } = [];

    /// <summary>
    /// What the handshake must show where a channel has no token of its own. Also META_VERIFY_TOKEN or VERIFY_TOKEN.
    /// Default none: such a handshake is refused.
    /// </summary>
    public string VerifyToken { get; set; } = "";

    /// <summary>
    /// The Graph API with its version. Also PROVIDER_BASE_URL. Default <c>https://graph.facebook.com/v25.0</c>.
    /// </summary>
    public string BaseUrl { get; set; } = "https://graph.facebook.com/v25.0";

    /// <summary>From the start of a send to the end of its answer, at most. Default 15 s.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>To open one connection, at most. Below <see cref="SendTimeout"/>. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>From the start of an upload to the end of its answer, at most. Default 2 minutes.</summary>
    public TimeSpan FileTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Connections to the Graph API, at most: with answers in 100 ms, 256 carry about 2,500 sends a second. Default
    /// 256.
    /// </summary>
    public int MaxConnections { get; set; } = 256;

    internal MetaConnectionOptions Connection => new(SendTimeout, ConnectTimeout, FileTimeout, MaxConnections);

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    public static MetaCloudOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        MetaCloudOptions options = section.Get<MetaCloudOptions>() ?? new();
        if (options.AppSecrets.Length == 0)
        {
            options.AppSecrets = Split(First(
                configuration, $"{Section}:{nameof(AppSecrets)}", "META_APP_SECRET", "APP_SECRET"));
        }

        if (options.VerifyToken.Length == 0)
            options.VerifyToken = First(configuration, "META_VERIFY_TOKEN", "VERIFY_TOKEN") ?? "";
        if (section[nameof(BaseUrl)] is null && First(configuration, "PROVIDER_BASE_URL") is { } url)
            options.BaseUrl = url;
        options.BaseUrl = options.BaseUrl.TrimEnd('/');

        string[] errors = [.. options.Errors()];
        if (errors.Length > 0) throw new OptionsValidationException(Section, typeof(MetaCloudOptions), errors);
        return options;
    }

    private IEnumerable<string> Errors()
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            yield return $"{Section}:{nameof(BaseUrl)} must be an http or https address";
        if (SendTimeout <= TimeSpan.Zero || SendTimeout > TimeSpan.FromMinutes(5))
            yield return $"{Section}:{nameof(SendTimeout)} must be positive and at most 5 minutes";
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > SendTimeout)
            yield return $"{Section}:{nameof(ConnectTimeout)} must be positive and at most {nameof(SendTimeout)}";
        if (FileTimeout < SendTimeout || FileTimeout > TimeSpan.FromMinutes(30))
            yield return $"{Section}:{nameof(FileTimeout)} must be {nameof(SendTimeout)} to 30 minutes";
        if (MaxConnections is < 1 or > 10_000) yield return $"{Section}:{nameof(MaxConnections)} must be 1 to 10000";
    }

    private static string? First(IConfiguration configuration, params string[] keys) =>
        keys.Select(key => configuration[key]).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));

    private static string[] Split(string? secrets) =>
        secrets?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
