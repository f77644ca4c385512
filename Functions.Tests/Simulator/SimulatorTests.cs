using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Channels;
using Xunit;

namespace Vellarys.Tests.Simulator;

/// <summary>
/// The simulator keeps the provider's rules, by a clock that the test moves, and the product understands it.
/// </summary>
public sealed class SimulatorTests
{
    private const string Ana = "5511987650001";
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(1_000)]
    public void Throughput_IsOfAnySecond(int perSecond)
    {
        SimulatorConfig config = new() { PerSecond = perSecond };
        var number = new SimulatedNumber(config);
        var customers = new SimulatedCustomers(config);
        int Accepted(double at, int tries) => Enumerable.Range(0, tries).Count(
            n => number.Judge($"{at}/{n}", "text", customers, TimeSpan.FromSeconds(at)) == 0);
        Assert.Equal(perSecond / 2, Accepted(0.6, perSecond / 2));
        // Not of the second on the clock.
        Assert.Equal(perSecond - perSecond / 2, Accepted(1.1, perSecond));
        Assert.Equal(0, Accepted(1.599, 1));
        Assert.Equal(perSecond / 2, Accepted(1.6, perSecond));
    }

    [Fact]
    public void Pair_BurstAndThenOneInSixSeconds()
    {
        SimulatorConfig config = new() { PairBurst = 3 };
        var number = new SimulatedNumber(config);
        int[] codes = [.. new[] { 0, 0, 0, 0, 5, 6, 7, 12, 13 }.Select(
            at => number.Judge(Ana, "text", new SimulatedCustomers(config), TimeSpan.FromSeconds(at)))];
        Assert.Equal([0, 0, 0, 131056, 131056, 0, 131056, 0, 131056], codes);
    }

    [Fact]
    public void Window_WantsATemplateOutside()
    {
        SimulatorConfig config = new() { HasWindow = true };
        var number = new SimulatedNumber(config);
        var customers = new SimulatedCustomers(config);
        Assert.Equal(131047, number.Judge(Ana, "text", customers, TimeSpan.Zero));
        Assert.Equal(0, number.Judge(Ana, "template", customers, TimeSpan.Zero));
        number.Hear(Ana, TimeSpan.FromHours(1));
        Assert.Equal(0, number.Judge(Ana, "text", customers, TimeSpan.FromHours(24)));
        Assert.Equal(131047, number.Judge(Ana, "text", customers, TimeSpan.FromHours(26)));
    }

    [Fact]
    public void Customers_AreTheSameForTheSameSeedAndEachIsReadAsOnePerson()
    {
        SimulatorConfig config = new() { WithoutNumber = 0.1 };
        string[] addresses = [.. Enumerable.Range(0, 1_000).Select(new SimulatedCustomers(config).Address)];
        Assert.Equal(addresses, Enumerable.Range(0, 1_000).Select(new SimulatedCustomers(config).Address));
        Assert.Equal(1_000, addresses.Distinct().Count());
        Assert.InRange(addresses.Count(a => a.StartsWith("BR.", StringComparison.Ordinal)), 50, 150);
        string[] phones = [.. addresses.Where(a => a[0] == '5')];
        Assert.InRange(phones.Count(p => p.Length == 12), phones.Length / 3, phones.Length * 2 / 3);
        Assert.All(phones, p => Assert.Equal(13, PhoneNumbers.Canonical(p).Length));
    }

    [Fact]
    public async Task Send_RightAndWrong_IsUnderstoodByTheAdapter()
    {
        SimulatorConfig config = new() { PerSecond = 3, CutAfterAccept = 0.3, FailedAfterAccept = 0.2, Seed = 3 };
        await using ProviderSimulator simulator = await ProviderSimulator.StartAsync(config, _time);
        using var provider = new MetaCloudProvider(
            new MetaCloudOptions { BaseUrl = simulator.Url, SendTimeout = TimeSpan.FromMinutes(1) },
            TimeProvider.System, NullLogger<MetaCloudProvider>.Instance);
        Assert.Equal("190", Assert.IsType<SendOutcome.Refused>(await SendAsync(provider, Ana, "wrong")).Code);
        List<SendOutcome> outcomes = [];
        for (int n = 0; n < 60; n++)
        {
            if (n % 4 == 0) _time.Advance(TimeSpan.FromSeconds(1));
            outcomes.Add(await SendAsync(provider, simulator.Customers.Address(n), config.Token));
        }

        SimulatorLedger ledger = simulator.Ledger;
        Assert.Equal(45, ledger.Accepted.Count);
        Assert.Equal(15, ledger.Rejected[130429]);
        Assert.Equal(4, ledger.WorstSecond);
        Assert.Equal(15, outcomes.Count(o => o is SendOutcome.NotNow { Code: "130429" }));
        Assert.Equal(ledger.Accepted.Count(s => s.IsAnswered), outcomes.Count(o => o is SendOutcome.Sent));
        Assert.Contains(outcomes, o => o is SendOutcome.Uncertain { Answered: false });
        Assert.Contains(outcomes, o => o is SendOutcome.Uncertain { Code: "131000", Answered: true });
    }

    [Fact]
    public async Task Status_IsSignedAndReadAsWhatBecameOfTheSend()
    {
        SimulatorConfig config = new() { ReportedFirst = 1, Doubled = 1, Overtaken = 1, StatusDelay = TimeSpan.Zero };
        await using ProviderServer product = await ProviderServer.StartAsync();
        await using ProviderSimulator simulator = await ProviderSimulator.StartAsync(config);
        simulator.ReportTo(new Uri(product.Url + "/hook"));
        using var provider = new MetaCloudProvider(
            new MetaCloudOptions { BaseUrl = simulator.Url, AppSecrets = [config.Secret] }, TimeProvider.System,
            NullLogger<MetaCloudProvider>.Instance);
        await SendAsync(provider, Ana, config.Token);
        await simulator.ReportedAsync();
        StatusReport[] reports = [.. product.Requests.Select(r =>
        {
            var headers = new HeaderDictionary { [HubSignature.Header] = r.Headers[HubSignature.Header] };
            Assert.True(provider.IsAuthentic(null, headers, Encoding.UTF8.GetBytes(r.Body)));
            return Payloads.Single(r.Body).Status!;
        })];
        Assert.Equal(["delivered", "delivered", "sent", "sent"], reports.Select(r => r.State));
        Assert.All(reports, r => Assert.Equal(ProviderMessage, r.ClaimId));
        Assert.Equal(0, simulator.Ledger.Unheard);
    }

    private static readonly Guid ProviderMessage = Guid.Parse("018f3c1e-5a77-7000-8000-0123456789ab");

    private static Task<SendOutcome> SendAsync(MetaCloudProvider provider, string to, string token) =>
        provider.SendAsync(
            new Channel(
                new TenantId(ProviderMessage), new ChannelId(ProviderMessage), "meta-cloud", "1", token, [], "", true),
            new OutboundMessage(new MessageId(ProviderMessage), ProviderMessage, to, "oi"), CancellationToken.None);
}
