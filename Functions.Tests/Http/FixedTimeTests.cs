using Vellarys.Http;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Http;

public sealed class FixedTimeTests
{
    [Theory]
    [InlineData("secret", "secret", true)]
    [InlineData("secret", "Secret", false)]
    [InlineData("secre", "secret", false)]
    [InlineData("", "secret", false)]
    [InlineData(null, "secret", false)]
    [InlineData("", "", false)]
    [InlineData(null, null, false)]
    public void AreEqual_Texts_OnlyWhatWasSetOpens(string? shown, string? secret, bool isRight) =>
        Assert.Equal(isRight, FixedTime.AreEqual(shown, secret));

    [Fact]
    public void Matches_HashOfASecret_IsLikeTheSecret()
    {
        byte[] hash = FixedTime.Hash("secret");

        Assert.True(FixedTime.Matches("secret", hash));
        Assert.False(FixedTime.Matches("another", hash));
    }

    [Fact]
    public void Comparison_OfSecrets_IsHereOnly() => Assert.Equal(
        ["Engine/Http/FixedTime.cs"],
        Sources.CSharp("Engine", "Standalone")
            .Where(f => f.Text.Contains("FixedTimeEquals", StringComparison.Ordinal))
            .Select(f => f.Path));
}
