using System.Text.RegularExpressions;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Standalone;

/// <summary>What <c>docker build</c> is shown: all that the host is built from, and nothing secret.</summary>
public sealed class ImageContextTests
{
    private static readonly string[] Lines =
        [.. Sources.All.Single(f => f.Path == "Standalone/Dockerfile.dockerignore").Lines
            .Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith('#'))];

    // By their endings: what a developer keeps beside them is none.
    private static readonly string[] Read =
        [".cs", ".csproj", ".resx", ".sql", ".md", ".js", ".css", ".html", ".svg"];

    [Fact]
    public void Sources_OfTheHost_AreShown()
    {
        string[] needed =
        [
            "Directory.Build.props", "Directory.Packages.props", ".editorconfig",
            .. Sources.All.Select(f => f.Path).Where(p =>
                (p.StartsWith("Engine/", StringComparison.Ordinal)
                    || p.StartsWith("Standalone/", StringComparison.Ordinal))
                && Read.Contains(Path.GetExtension(p))),
        ];
        Assert.True(needed.Length > 100);
        Assert.DoesNotContain(needed, IsIgnored);
    }

    [Theory]
    [InlineData(".env")]
    [InlineData(".env.production")]
    [InlineData("prod.env")]
    [InlineData("local.settings.json")]
    [InlineData("appsettings.Production.json")]
    [InlineData("client_secret.json")]
    [InlineData("server.key")]
    [InlineData("server.pem")]
    [InlineData("server.pfx")]
    [InlineData("app.PublishSettings")]
    [InlineData("Vellarys.csproj.user")]
    [InlineData(".azure/shop-prod/.env")]
    [InlineData(".azure/config.json")]
    [InlineData(".data/api-key")]
    [InlineData(".data/postgres/PG_VERSION")]
    [InlineData(".git/config")]
    [InlineData("bin/Release/net10.0/local.settings.json")]
    [InlineData("obj/project.assets.json")]
    public void Secrets_AtTheRootAndWithin_AreNot(string path) => Assert.All(
        ["", "Standalone/", "Engine/", "Engine/Api/", "Functions/"], folder => Assert.True(IsIgnored(folder + path)));

    [Theory]
    [InlineData("token.txt")]
    [InlineData("dump.sql")]
    [InlineData("notes/prod.md")]
    public void Anything_ThatTheBuildDoesNotRead_IsNot(string path) => Assert.True(IsIgnored(path));

    // As Docker reads the file: the last line that fits decides, and a line fits what lies below it too.
    private static bool IsIgnored(string path)
    {
        bool isIgnored = false;
        foreach (string line in Lines)
        {
            bool isException = line.StartsWith('!');
            string pattern = Regex.Escape(isException ? line[1..] : line)
                .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
                .Replace(@"\*", "[^/]*", StringComparison.Ordinal);
            if (Regex.IsMatch(path, $"^{pattern}(/.*)?$", RegexOptions.NonBacktracking)) isIgnored = !isException;
        }

        return isIgnored;
    }
}
