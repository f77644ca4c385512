using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vellarys.Accounts.Oidc;
using Xunit;

namespace Vellarys.Tests.Accounts.Oidc;

public sealed class OidcOptionsTests
{
    private const string Home = "https://chat.example.com";

    [Theory]
    [InlineData("https://id.example", "c", "s", Home, null)]
    [InlineData("", "", "", "", null)]
    [InlineData("http://127.0.0.1:9/realm", "c", "s", Home, null)]
    [InlineData("https://id.example", "c", "", Home, "go together")]
    [InlineData("", "c", "s", Home, "go together")]
    [InlineData("https://id.example", "c", "s", "", "PUBLIC_URL")]
    [InlineData("http://id.example", "c", "s", Home, "https address")]
    [InlineData("https://id.example?x=1", "c", "s", Home, "https address")]
    [InlineData("id.example", "c", "s", Home, "https address")]
    [InlineData("https://login.microsoftonline.com/common/v2.0", "c", "s", Home, "one directory")]
    [InlineData("https://login.microsoftonline.com/organizations/v2.0", "c", "s", Home, "one directory")]
    [InlineData("https://login.microsoftonline.com/{tenantid}/v2.0", "c", "s", Home, "one directory")]
    public void Settings_ThatMakeNoSense_AreRefusedAtTheStart(
        string issuer, string client, string secret, string home, string? fault)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OIDC_ISSUER"] = issuer,
            ["OIDC_CLIENT_ID"] = client,
            ["OIDC_CLIENT_SECRET"] = secret,
            ["PUBLIC_URL"] = home,
        }).Build();

        if (fault is not null)
        {
            OptionsValidationException refused = Assert.Throws<OptionsValidationException>(
                () => OidcOptions.Read(configuration));
            Assert.Contains(fault, Assert.Single(refused.Failures), StringComparison.Ordinal);
            return;
        }

        OidcOptions options = OidcOptions.Read(configuration);
        Assert.Equal(issuer.Length > 0, options.IsOn);
        if (options.IsOn) Assert.Equal(home + "/api/v1/auth/oidc/callback", options.RedirectUri);
    }
}
