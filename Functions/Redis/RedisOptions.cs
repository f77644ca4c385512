using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Vellarys.Functions.Redis;

/// <summary>Where instances meet. Section <c>Redis</c>; with neither address, each instance is on its own.</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>
    /// As StackExchange.Redis reads it, for a Redis with a password or none. Default none. Wins over
    /// <see cref="Host"/>.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// <c>name.region.redis.azure.net</c>, or with <c>:port</c>; reached over TLS with the identity of this process.
    /// Default none. Without a port 10000, Azure Managed Redis' own.
    /// </summary>
    public string Host { get; set; } = "";

    /// <summary>
    /// Patience with one command; beyond it this instance goes on by itself. Default 250 ms: below what a customer
    /// notices, above what a busy network needs.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long Redis is left alone once it failed, before one command tries again. Default 2 s.</summary>
    public TimeSpan Rest { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Instances that there may be at most. While Redis is away each uses that part of every limit, so that together
    /// they keep it. Default 4.
    /// </summary>
    public int Instances { get; set; } = 4;

    /// <summary>What keys begin with, where several installations share a server. Default <c>vellarys</c>.</summary>
    public string Prefix { get; set; } = "vellarys";

    /// <summary>Whether there is a Redis to use.</summary>
    public bool IsWanted => ConnectionString.Length > 0 || Host.Length > 0;

    // Not in the library's words: they quote from it, and it may hold a password.
    private bool IsReadable()
    {
        try
        {
            return ConfigurationOptions.Parse(ConnectionString).EndPoints.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    internal static RedisOptions Read(IConfiguration configuration)
    {
        RedisOptions options = configuration.GetSection(Section).Get<RedisOptions>() ?? new();
        string[] errors = [.. options.Errors().Select(error => $"{Section}:{error}")];
        if (errors.Length > 0) throw new OptionsValidationException(Section, typeof(RedisOptions), errors);
        return options;
    }

    private IEnumerable<string> Errors()
    {
        if (ConnectionString.Length > 0 && !IsReadable())
            yield return $"{nameof(ConnectionString)} is none that StackExchange.Redis reads";
        string host = Host.Split(':') is [var name, var port] && ushort.TryParse(port, out _) ? name : Host;
        if (host.Length > 0 && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            yield return $"{nameof(Host)} must be a host, or host:port";
        if (CommandTimeout < TimeSpan.FromMilliseconds(10) || CommandTimeout > TimeSpan.FromSeconds(5))
            yield return $"{nameof(CommandTimeout)} must be 10 ms to 5 s";
        if (Rest < TimeSpan.FromMilliseconds(500) || Rest > TimeSpan.FromMinutes(5))
            yield return $"{nameof(Rest)} must be 0.5 s to 5 minutes";
        if (Instances is < 1 or > 1_000) yield return $"{nameof(Instances)} must be 1 to 1000";
        if (Prefix.Length == 0 || Prefix.AsSpan().ContainsAny("{}: "))
            yield return $"{nameof(Prefix)} must be one word without braces and colons";
    }
}
