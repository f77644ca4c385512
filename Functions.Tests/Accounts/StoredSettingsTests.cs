using System.Text.RegularExpressions;
using Vellarys.Accounts;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Accounts;

public sealed partial class StoredSettingsTests
{
    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"quietMs":1,"handoff":{}}""", null)]
    [InlineData("""{"quietMs":1,"debounceMs":0}""", "$.debounceMs")]
    [InlineData("""{"quietMs":1,"survey":{"nosuch":true}}""", "$.survey.nosuch")]
    public void UnknownName_IsNamedAndTakesNothingElseWithIt(string json, string? fault)
    {
        (TenantSettings settings, string? found) = StoredSettings.Read(json);

        Assert.Equal(fault, found);
        Assert.Equal(json == "{}" ? new TenantSettings().QuietMs : 1, settings.QuietMs);
    }

    [Theory]
    [InlineData("""{"quietMs":"soon"}""", "$.quietMs")]
    [InlineData("[]", "$")]
    public void Unreadable_LeavesTheDefaults(string json, string fault)
    {
        (TenantSettings settings, string? found) = StoredSettings.Read(json);

        Assert.Equal((new TenantSettings().QuietMs, fault), (settings.QuietMs, found));
    }

    /// <summary>A test that sets what does not exist tests something else than it says.</summary>
    [Fact]
    public void SettingsThatTestsWriteByHand_Exist() => Rule.Holds(
        from file in Sources.CSharp("Functions.Tests", "Benchmarks")
        from match in Written().Matches(file.Text).Cast<Match>()
        let json = match.Groups["json"].Value
        let fault = StoredSettings.Read(json).Fault
        where fault is not null && fault != "$.other"
        select $"{file.Path}: {json} at {fault}");

    [GeneratedRegex(@"into tenants \([^)]*settings[^;""]*'(?<json>\{[^']*\})'")]
    private static partial Regex Written();
}
