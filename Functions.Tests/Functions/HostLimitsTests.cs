using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vellarys.Functions;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>Settings of the queues that the Functions host could not keep are refused, each by its name.</summary>
public sealed class HostLimitsTests
{
    private static readonly IConfigurationSection Host = HostJson.Root.GetSection("extensions:serviceBus");

    [Fact]
    public void Limits_AreThoseOfHostJson()
    {
        Assert.Equal(HostLimits.LockRenewal, Host.GetValue<TimeSpan>("maxAutoLockRenewalDuration"));
        Assert.Equal(HostLimits.ConcurrentCalls, Host.GetValue<int>("maxConcurrentCalls"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Messaging:Default:HandlerTimeout=00:05:10")]
    [InlineData("Messaging:Queues:ai-response:MaxConcurrency=64")]
    [InlineData(
        "Messaging:Default:HandlerTimeout=00:08:00 "
        + "AzureFunctionsJobHost:extensions:serviceBus:maxAutoLockRenewalDuration=00:09:00")]
    [InlineData(
        "Messaging:Default:MaxConcurrency=100 AzureFunctionsJobHost:extensions:serviceBus:maxConcurrentCalls=128")]
    public void Settings_ThatTheHostKeeps_AreTaken(string settings) => Assert.Empty(Mistakes(settings));

    [Theory]
    [InlineData("Messaging:Default:HandlerTimeout=00:05:11", "Messaging:Default:HandlerTimeout", "00:05:10")]
    [InlineData(
        "Messaging:Queues:ai-response:HandlerTimeout=00:10:00", "Messaging:Queues:ai-response:HandlerTimeout",
        "maxAutoLockRenewalDuration")]
    [InlineData(
        "AzureFunctionsJobHost:extensions:serviceBus:maxAutoLockRenewalDuration=00:05:00",
        "Messaging:Default:HandlerTimeout", "00:04:10")]
    [InlineData(
        "Messaging:Queues:message-delivery:MaxConcurrency=65", "Messaging:Queues:message-delivery:MaxConcurrency",
        "64")]
    [InlineData("Messaging:Default:MaxConcurrency=256", "Messaging:Default:MaxConcurrency", "maxConcurrentCalls")]
    public void Settings_ThatItDoesNot_AreRefusedWithNameAndReason(string settings, string name, string reason)
    {
        string mistake = Assert.Single(Mistakes(settings));
        Assert.StartsWith($"{name} must be at most", mistake, StringComparison.Ordinal);
        Assert.Contains(reason, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_OfSeveralQueues_AreAllNamed() => Assert.Equal(
        2, Mistakes(
            "Messaging:Queues:ai-response:HandlerTimeout=00:06:00 "
            + "Messaging:Queues:nps-survey:MaxConcurrency=200").Length);

    private static string[] Mistakes(string settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('='))
            .Select(s => KeyValuePair.Create(s[0], (string?)s[1]))).Build();
        Exception? refused = Record.Exception(() => HostLimits.Require(configuration));
        return refused is null ? [] : [.. Assert.IsType<OptionsValidationException>(refused).Failures];
    }
}
