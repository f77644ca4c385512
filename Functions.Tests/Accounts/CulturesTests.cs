using Vellarys.Accounts;
using Xunit;

namespace Vellarys.Tests.Accounts;

public sealed class CulturesTests
{
    [Theory]
    [InlineData("pt-BR", "pt-BR")]
    [InlineData("pt", "pt-BR")]
    [InlineData("es", "es")]
    [InlineData("es-AR", "es")]
    [InlineData("ES-mx", "es")]
    [InlineData("en-US", "en")]
    [InlineData("fr", "pt-BR")]
    [InlineData("", "pt-BR")]
    [InlineData(null, "pt-BR")]
    public void Of_Locale_IsALanguageThatTheProductSpeaks(string? locale, string culture) =>
        Assert.Equal(culture, Cultures.Of(locale).Name);
}
