using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vellarys.Limits;
using Xunit;

namespace Vellarys.Tests.Limits;

public sealed class LimitsSetupTests
{
    [Fact]
    public void AddLimits_WithoutSettings_HasMetasFigures()
    {
        LimitsOptions options = Services([]).GetRequiredService<LimitsOptions>();
        Assert.Equal(
            (80, TimeSpan.FromSeconds(6), 45), (options.MessagesPerSecond, options.PairInterval, options.PairBurst));
    }

    [Fact]
    public void AddLimits_WithoutSettings_LeavesTheModelToIts429()
    {
        LimitsOptions options = Services([]).GetRequiredService<LimitsOptions>();
        Assert.Equal(
            (0, 0, null),
            (options.ModelRequestsPerMinute, options.ModelTokensPerMinute, options.TenantModelRequestsPerMinute));
    }

    [Fact]
    public void AddLimits_SettingsMakeNoSense_SaysAllOfIt()
    {
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => Services(new()
        {
            ["Limits:MessagesPerSecond"] = "-1",
            ["Limits:PairBurst"] = "0",
            ["Limits:ModelTokensPerMinute"] = "-5",
        }));
        Assert.Equal(3, e.Failures.Count());
    }

    [Fact]
    public void Share_OfOneOfFour_IsAQuarterButNeverNothing()
    {
        Assert.Equal(new LimitRule("x", 20, 2), new LimitRule("x", 80, 8).Share(4));
        Assert.Equal(new LimitRule("x", 0.25, 1), new LimitRule("x", 1, 2).Share(4));
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddLimits(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .BuildServiceProvider();
}
