using Microsoft.Extensions.Options;

namespace Vellarys.Standalone;

/// <summary>What the web server bears.</summary>
internal sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>
    /// Open connections at most, event streams of the page among them; more are closed as they come. Each may hold 64
    /// KB unread and 64 KB of a small body (see <see cref="Vellarys.Http.ApiOptions.MaxBodyBytesInFlight"/>).
    /// Default 1,000.
    /// </summary>
    public long MaxConnections { get; set; } = 1_000;
}

internal sealed class WebOptionsRules : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options) =>
        options.MaxConnections is >= 10 and <= 1_000_000
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{WebOptions.Section}:MaxConnections must be 10 to 1,000,000.");
}
