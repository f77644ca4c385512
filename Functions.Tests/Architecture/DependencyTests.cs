using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>Which folder may know which. A new arrow is a decision: it is made here, where a review sees it.</summary>
public sealed partial class DependencyTests
{
    // What every capability stands on: queue, database, limits, cache, and the words that endpoints share.
    private static readonly string[] Ground =
        ["Messaging", "Storage", "Limits", "Caching", "Api.Http", "Flows.Kernel"];

    // Folder -> the folders whose public use cases and ports it calls. Never the other way round.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Storage"] = [],
        ["Limits"] = [],
        ["Caching"] = [],
        ["Messaging"] = ["Storage"],
        ["Api.Http"] = ["Accounts"],
        ["Accounts"] = [],
        ["Channels"] = ["Accounts", "Operations"],
        ["Assistant"] = ["Accounts"],
        ["Knowledge"] = ["Accounts", "Assistant"],
        ["Operations"] = ["Accounts", "Assistant"],
        ["Flows.Kernel"] = ["Accounts", "Messaging", "Storage"],
        ["Conversations"] = ["Accounts", "Assistant", "Channels", "Knowledge", "Operations"],
        ["Flows"] = ["Accounts", "Assistant", "Channels", "Conversations", "Operations"],
        ["Api"] = ["Accounts", "Assistant", "Channels", "Conversations", "Flows", "Knowledge", "Operations"],
    };

    [Fact]
    public void Engine_EachFolder_KnowsOnlyWhatItMay()
    {
        string[] slices = [.. Sources.CSharp("Engine").Select(SliceOf).Where(s => s != "").Distinct()];
        Rule.Holds(
            from file in Sources.CSharp("Engine")
            from target in References(file, slices).Except(MayKnow(SliceOf(file)))
            select $"{file}: {target}");
    }

    private static string[] MayKnow(string slice) => slice switch
    {
        "" => [],
        _ when Ground.Contains(slice) => [slice, .. Allowed[slice]],
        _ => [slice, .. Ground, .. Allowed.GetValueOrDefault(slice, [])],
    };

    private static string SliceOf(SourceFile file) =>
        file.Path.StartsWith("Engine/Api/Http/", StringComparison.Ordinal) ? "Api.Http"
        : file.Path.StartsWith("Engine/Flows/Kernel/", StringComparison.Ordinal) ? "Flows.Kernel"
        : file.Slice;

    [Fact]
    public void Engine_AllowedArrows_MakeNoCircle()
    {
        HashSet<string> done = [];
        while (Allowed.Keys.Except(done).ToList() is { Count: > 0 } left)
        {
            List<string> free = left.FindAll(slice => Allowed[slice].All(done.Contains));
            Assert.True(free.Count > 0, $"A circle among {string.Join(", ", left)}.");
            done.UnionWith(free);
        }
    }

    [Fact]
    public void Engine_AnyFile_KnowsNoHost() =>
        Assert.DoesNotContain(Sources.CSharp("Engine"), f => Host().IsMatch(Sources.WithoutComments(f.Text)));

    [Theory]
    [InlineData("Engine/Engine.csproj", "")]
    [InlineData("Standalone/Standalone.csproj", "Engine")]
    [InlineData("Benchmarks/Benchmarks.csproj", "Engine")]
    [InlineData("Functions.Tests/Functions.Tests.csproj", "Engine Standalone")]
    public void Project_References_AreTheseOnly(string path, string allowed)
    {
        string project = Sources.All.Single(f => f.Path == path).Text;
        IEnumerable<string> projects = ProjectReference().Matches(project).Select(m => m.Groups[1].Value);
        Assert.Equal(allowed, string.Join(' ', projects.Order(StringComparer.Ordinal)));
        Assert.DoesNotMatch(AzurePackage(), project);
    }

    private static IEnumerable<string> References(SourceFile file, string[] slices)
    {
        string code = Sources.WithoutComments(file.Text);
        // Below the namespace Vellarys a neighbour needs no using. Api is not Api.Http, Flows not Flows.Kernel.
        return slices.Where(slice => Regex.IsMatch(
            NamespaceLine().Replace(code, ""),
            $@"\bVellarys\.{Regex.Escape(slice)}\b(?!\.(Http|Kernel))" +
            $@"|(?<![\w.""/]){Regex.Escape(slice)}\.(?!Http|Kernel)[A-Z]\w+[\s(<.]"));
    }

    [GeneratedRegex(@"\bVellarys\.(Standalone|Functions|Benchmarks)\b|Microsoft\.Azure\.Functions")]
    private static partial Regex Host();

    [GeneratedRegex(@"^namespace .*$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"<ProjectReference Include=""\.\./(\w+)/")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"PackageReference Include=""(Microsoft\.Azure|Azure\.|Microsoft\.DurableTask|.*StackExchange)")]
    private static partial Regex AzurePackage();
}
