using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vellarys.Http;

namespace Vellarys.Accounts.Oidc;

/// <summary>
/// Signing in at an issuer of OpenID Connect. All three are set or none, and <c>PUBLIC_URL</c> as well: the issuer
/// sends people back to it.
/// </summary>
internal sealed class OidcOptions
{
    public const string Section = "Oidc";

    // What of Entra stands for any directory: whose people are whose could not be told.
    private static readonly string[] OfAnybody = ["common", "organizations", "consumers"];

    /// <summary>
    /// The issuer as its tokens name it, exactly, e.g. <c>https://login.microsoftonline.com/{directory id}/v2.0</c>.
    /// Also read from <c>OIDC_ISSUER</c>. Default none: nobody signs in this way.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>What this installation is to the issuer. Also read from <c>OIDC_CLIENT_ID</c>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>What it proves that with. Also read from <c>OIDC_CLIENT_SECRET</c>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Where the issuer sends people back to: it has to know this address.</summary>
    internal string RedirectUri { get; private set; } = "";

    internal bool IsOn => Issuer.Length > 0;

    /// <summary>Whether the issuer is on this very machine, for a try-out: only then is plain HTTP spoken.</summary>
    internal bool IsLocal => Uri.TryCreate(Issuer, UriKind.Absolute, out Uri? url) && url.IsLoopback;

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    public static OidcOptions Read(IConfiguration configuration)
    {
        OidcOptions options = configuration.GetSection(Section).Get<OidcOptions>() ?? new();
        if (options.Issuer.Length == 0) options.Issuer = configuration["OIDC_ISSUER"] ?? "";
        if (options.ClientId.Length == 0) options.ClientId = configuration["OIDC_CLIENT_ID"] ?? "";
        if (options.ClientSecret.Length == 0) options.ClientSecret = configuration["OIDC_CLIENT_SECRET"] ?? "";
        string home = configuration[$"{ApiOptions.Section}:{nameof(ApiOptions.PublicUrl)}"] is { Length: > 0 } own
            ? own
            : configuration["PUBLIC_URL"] ?? "";
        options.RedirectUri = home.TrimEnd('/') + "/api/v1/auth/oidc/callback";
        string[] faults = [.. options.Faults(home)];
        return faults.Length == 0
            ? options
            : throw new OptionsValidationException(Section, typeof(OidcOptions), faults);
    }

    private IEnumerable<string> Faults(string home)
    {
        int given = new[] { Issuer, ClientId, ClientSecret }.Count(s => s.Length > 0);
        if (given == 0) yield break;
        if (given < 3) yield return "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together";
        if (home.Length == 0) yield return "OIDC_ISSUER needs PUBLIC_URL: the issuer sends people back to it";
        if (Issuer.Length == 0) yield break;
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out Uri? issuer)
            || !(issuer.Scheme == Uri.UriSchemeHttps || (issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback))
            || issuer.Query.Length > 0 || issuer.Fragment.Length > 0)
        {
            yield return "OIDC_ISSUER must be an https address without a query";
        }
        else if (Issuer.Contains('{', StringComparison.Ordinal)
            || issuer.Segments.Any(s => OfAnybody.Contains(s.Trim('/'), StringComparer.OrdinalIgnoreCase)))
        {
            yield return "OIDC_ISSUER must name one directory: not common, organizations or consumers";
        }
    }
}
