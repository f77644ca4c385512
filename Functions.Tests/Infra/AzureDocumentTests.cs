using System.Globalization;
using System.Text.RegularExpressions;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary><c>docs/azure.md</c> says of sizes and variables what the files say.</summary>
public sealed partial class AzureDocumentTests
{
    [Fact]
    public void Variables_OfTheParameterFile_AreDescribed()
    {
        HashSet<string> described =
        [
            .. AzureDocument.Rows("First deployment").SelectMany(r => Name().Matches(r[0])).Select(m => m.Value),
        ];
        IEnumerable<string> read = Read()
            .Matches(File.ReadAllText(Path.Combine(Bicep.Folder, "main.bicepparam"))).Select(m => m.Groups[1].Value);
        // azd's own, which it asks for by itself.
        Assert.Equal(
            read.Except(["AZURE_ENV_NAME", "AZURE_LOCATION"]).Order(StringComparer.Ordinal),
            described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Costs_OfEachTier_AddUp()
    {
        string[][] rows = [.. AzureDocument.Rows("Sizes")];
        for (int column = 1; column < rows[0].Length; column++)
            Assert.Equal(rows[1..^1].Sum(r => Figure(r[column])), Figure(rows[^1][column]));
    }

    [Fact]
    public void Sizes_OfEachTier_AreMeantForIt()
    {
        string[] sizes = [.. AzureDocument.Rows("Sizes").First().Skip(1).Select(s => s.Trim('`'))];
        int[] tiers = [1_000, 2_500, 5_000, 10_000];
        Assert.Equal(tiers.Length, sizes.Length);
        Assert.All(tiers.Zip(sizes), t =>
            Assert.True(Deployment.Size(t.Second)["conversationsPerDay"]!.GetValue<int>() >= t.First, t.Second));
        Assert.Equal(Deployment.Sizes.Order(), sizes.Distinct().Order());
    }

    // What a container is given, the host reads.
    [Fact]
    public void Compose_OfStandalone_SetsWhatTheHostReads()
    {
        string code = string.Concat(Sources.CSharp("Engine", "Standalone").Select(f => f.Text));
        string host = Sources.All.Single(f => f.Path == "Standalone/compose.yaml").Text.Split("\n  postgres:")[0];
        string[] names = [.. Variable().Matches(host).Select(m => m.Groups[1].Value)];
        Assert.Equal(6, names.Length);
        Assert.All(names, name => Assert.Contains($"\"{name}\"", code, StringComparison.Ordinal));
    }

    private static int Figure(string cell) =>
        int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex("[A-Z][A-Z_]+[A-Z]")]
    private static partial Regex Name();

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Read();

    [GeneratedRegex(@"^      ([A-Z_]+): ", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
