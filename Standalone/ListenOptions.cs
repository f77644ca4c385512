using System.Net;
using Microsoft.Extensions.Options;

namespace Vellarys.Standalone;

/// <summary>Where the host listens; read from the top level of the configuration.</summary>
internal sealed class ListenOptions
{
    /// <summary>An IP address, <c>localhost</c>, or <c>*</c> for every interface. Default 127.0.0.1.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>
    /// Default 7071, as with Azure Functions, so that URLs are the same in every host. 0: a free one.
    /// </summary>
    public int Port { get; set; } = 7071;
}

internal sealed class ListenOptionsRules(IConfiguration configuration) : IValidateOptions<ListenOptions>
{
    public ValidateOptionsResult Validate(string? name, ListenOptions options)
    {
        List<string> wrong = [];
        if (options.Port is < 0 or > 65535) wrong.Add($"PORT must be 0 to 65535, not {options.Port}.");
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown && options.Host != "*")
            wrong.Add($"HOST must be an address, localhost or *, not '{options.Host}'.");
        if (IsOpen(configuration) && !IsLoopback(options.Host))
            wrong.Add("Api:AllowKeyless goes with a HOST of this machine only, 127.0.0.1: set VELLARYS_API_KEY.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsOpen(IConfiguration configuration) =>
        bool.TryParse(configuration["Api:AllowKeyless"], out bool isAllowed) && isAllowed
        && string.IsNullOrEmpty(configuration["VELLARYS_API_KEY"])
        && string.IsNullOrEmpty(configuration["Api:Key"]);

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
