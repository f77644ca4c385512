using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vellarys.Channels.MetaCloud;

namespace Vellarys.Channels.Dialog360;

/// <summary>How 360dialog's API is reached; whose number it is, each number's own key says.</summary>
internal sealed class Dialog360Options
{
    public const string Section = "Dialog360";

    /// <summary>
    /// The API's host; its sandbox's has a path too. Default <c>https://waba-v2.360dialog.io</c>.
    /// </summary>
    public string BaseUrl { get; set; } = "https://waba-v2.360dialog.io";

    /// <summary>From the start of a send to the end of its answer, at most. Default 15 s.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>To open one connection, at most. Below <see cref="SendTimeout"/>. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>From the start of an upload to the end of its answer, at most. Default 2 minutes.</summary>
    public TimeSpan FileTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Connections to the API, at most. Default 256.</summary>
    public int MaxConnections { get; set; } = 256;

    internal MetaConnectionOptions Connection => new(SendTimeout, ConnectTimeout, FileTimeout, MaxConnections);

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    public static Dialog360Options Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Dialog360Options options = configuration.GetSection(Section).Get<Dialog360Options>() ?? new();
        options.BaseUrl = options.BaseUrl.TrimEnd('/');
        string[] errors = [.. options.Errors().Select(error => $"{Section}:{error}")];
        if (errors.Length > 0) throw new OptionsValidationException(Section, typeof(Dialog360Options), errors);
        return options;
    }

    private IEnumerable<string> Errors()
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            yield return $"{nameof(BaseUrl)} must be an http or https address";
        if (SendTimeout <= TimeSpan.Zero || SendTimeout > TimeSpan.FromMinutes(5))
            yield return $"{nameof(SendTimeout)} must be positive and at most 5 minutes";
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > SendTimeout)
            yield return $"{nameof(ConnectTimeout)} must be positive and at most {nameof(SendTimeout)}";
        if (FileTimeout < SendTimeout || FileTimeout > TimeSpan.FromMinutes(30))
            yield return $"{nameof(FileTimeout)} must be {nameof(SendTimeout)} to 30 minutes";
        if (MaxConnections is < 1 or > 10_000) yield return $"{nameof(MaxConnections)} must be 1 to 10000";
    }
}
