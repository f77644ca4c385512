using System.Net;
using Vellarys.Http;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.20.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("2002:0a00:0001::1")]
    public void Address_OfThisMachineOrItsNetwork_IsNotPublic(string address) =>
        Assert.False(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.0.1")]
    [InlineData("2606:4700::1111")]
    public void Address_OfTheInternet_IsPublic(string address) =>
        Assert.True(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task Call_ToThisMachine_NeverConnects()
    {
        using var client = new HttpClient(PublicAddress.Handler(allowsLoopback: false));
        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.PostAsync(new Uri("http://localhost:9/"), content: null));
    }
}
