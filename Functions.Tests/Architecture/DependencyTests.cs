using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// Which room may know which, and that no circle comes of it. A new arrow is a decision: it is made here, where a
/// review sees it.
/// </summary>
public sealed partial class DependencyTests
{
    // Room -> the rooms that it knows, ground rooms included. Never the other way round, and none that it does not
    // need.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Accounts"] = ["Http", "Secrets", "Storage"],
        ["Api"] = ["Accounts", "Channels", "Http", "Storage"],
        ["Assistant"] = ["Accounts", "Health", "Http", "Limits"],
        ["Channels"] = ["Accounts", "Health", "Http", "Jobs", "Messaging", "Secrets", "Storage"],
        ["Conversations"] =
        [
            "Accounts", "Assistant", "Channels", "Flows.Kernel", "Http", "Intake", "Jobs", "Limits", "Messaging",
            "Realtime", "Storage",
        ],
        ["Database"] = ["Health", "Http", "Jobs", "Storage"],
        ["Flows"] =
        [
            "Accounts", "Assistant", "Caching", "Channels", "Conversations", "Flows.Kernel", "Http", "Jobs",
            "Messaging", "Realtime", "Storage",
        ],
        ["Flows.Kernel"] = ["Accounts", "Messaging", "Storage"],
        ["Intake"] = ["Accounts", "Channels", "Health", "Http", "Messaging", "Storage"],
        ["Jobs"] = ["Health", "Http", "Storage"],
        ["Knowledge"] = ["Accounts", "Http", "Storage"],
        ["Learning"] = ["Jobs"],
        ["Messaging"] = ["Health", "Http", "Jobs", "Storage"],
        ["Onboarding"] = ["Accounts", "Channels", "Conversations", "Http", "Jobs", "Webhooks"],
        ["Operations"] = ["Accounts", "Caching", "Conversations", "Database", "Health", "Http", "Limits", "Storage"],
        ["Realtime"] = ["Accounts", "Http"],
        ["Webhooks"] = ["Accounts", "Http", "Jobs", "Messaging", "Secrets", "Storage"],
    };

    private static IReadOnlyList<Arrow> Arrows { get; } = [.. Arrow.All()];

    [Fact]
    public void Room_EachFile_KnowsOnlyWhatItMay() => Rule.Holds(
        from arrow in Arrows
        where arrow.FromRoom != arrow.ToRoom
            && !Allowed.GetValueOrDefault(arrow.FromRoom, []).Contains(arrow.ToRoom)
        select $"{arrow.File}: {arrow.To}");

    [Fact]
    public void Room_AllowedArrow_IsUsed() => Rule.Holds(
        from room in Allowed
        from target in room.Value
        where !Arrows.Any(a => a.FromRoom == room.Key && a.ToRoom == target)
        select $"{room.Key} knows {target} no longer: take it off the list");

    [Fact]
    public void Rooms_AllowedArrows_MakeNoCircle() => Assert.Empty(Circle.Among(
        from room in Allowed from target in room.Value select (room.Key, target)));

    // Parent and child are one idea; what two children both need is the parent's.
    [Fact]
    public void SubFolders_OfOneRoom_MakeNoCircle() => Assert.Empty(Circle.Among(
        from arrow in Arrows
        where arrow.FromRoom == arrow.ToRoom && !arrow.IsKin
        select (arrow.From, arrow.To)));

    [Theory]
    [InlineData("a>b b>c", "")]
    [InlineData("a>b b>c c>b", "b c")]
    [InlineData("a>b b>a b>c d>a", "a b")]
    public void Circle_AmongArrows_IsFound(string arrows, string circle) => Assert.Equal(
        circle,
        string.Join(' ', Circle.Among(arrows.Split(' ').Select(a => (a.Split('>')[0], a.Split('>')[1])))));

    [Fact]
    public void Namespace_AnyFile_IsItsFolder() => Rule.Holds(
        from file in Sources.CSharp("Engine")
        let expected = Arrow.FolderOf(file) is { Length: > 0 } folder ? $"Vellarys.{folder}" : "Vellarys"
        where !file.Lines.Contains($"namespace {expected};")
        select $"{file}: not in {expected}");

    // A using that nothing needs is an arrow that is not there.
    [Fact]
    public void Using_OfAnotherFolder_IsNeeded() => Rule.Holds(Arrow.Unneeded());

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

    [GeneratedRegex(@"\bVellarys\.(Standalone|Functions|Benchmarks)\b|Microsoft\.Azure\.Functions")]
    private static partial Regex Host();

    [GeneratedRegex(@"<ProjectReference Include=""\.\./(\w+)/")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"PackageReference Include=""(Microsoft\.Azure|Azure\.|Microsoft\.DurableTask|.*StackExchange)")]
    private static partial Regex AzurePackage();
}
