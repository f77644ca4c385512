using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Vellarys.Channels.MetaCloud;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class HubSignatureTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"text":"ol\u00e1 😀"}""");

    [Fact]
    public void IsRight_KnownVector_IsTrue()
    {
        // RFC 4231, test case 2.
        const string header = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        Assert.True(IsRight(header, Encoding.ASCII.GetBytes("what do ya want for nothing?"), "Jefe"));
    }

    [Fact]
    public void IsRight_DuringRotation_TakesEitherSecret()
    {
        Assert.True(IsRight(Sign("old"), Body, "old", "new"));
        Assert.True(IsRight(Sign("new"), Body, "old", "new"));
        Assert.False(IsRight(Sign("older"), Body, "old", "new"));
    }

    [Fact]
    public void IsRight_UpperCaseHex_IsTheSameNumber() =>
        Assert.True(IsRight("sha256=" + Sign("s")["sha256=".Length..].ToUpperInvariant(), Body, "s"));

    [Fact]
    public void IsRight_EveryChangedBit_IsFalse()
    {
        string header = Sign("s");
        for (int i = 0; i < Body.Length; i++)
        {
            byte[] changed = [.. Body];
            changed[i] ^= 1;
            Assert.False(IsRight(header, changed, "s"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha1=5bdcc146bf60754e6a042426089575c75a003f08")]
    [InlineData("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38")]
    [InlineData("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec384300")]
    [InlineData("sha256=zzdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    public void IsRight_NoSignature_IsFalse(string header) =>
        Assert.False(IsRight(header, Encoding.ASCII.GetBytes("what do ya want for nothing?"), "Jefe"));

    [Fact]
    public void IsRight_NoHeaderOrTwo_IsFalse()
    {
        Assert.False(HubSignature.IsRight(new HeaderDictionary(), Body, ["s"]));
        var twice = new HeaderDictionary { [HubSignature.Header] = new StringValues([Sign("s"), Sign("s")]) };
        Assert.False(HubSignature.IsRight(twice, Body, ["s"]));
    }

    [Fact]
    public void IsRight_NoSecretOrAnEmptyOne_IsFalse()
    {
        Assert.False(IsRight(Sign("s"), Body));
        Assert.False(IsRight(Sign(""), Body, ""));
    }

    private static string Sign(string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body));

    private static bool IsRight(string header, byte[] body, params string[] secrets) =>
        HubSignature.IsRight(new HeaderDictionary { [HubSignature.Header] = header }, body, secrets);
}
