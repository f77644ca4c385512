using Vellarys.Channels.Outbound;
using Xunit;

namespace Vellarys.Tests.Channels.Outbound;

public sealed class ShortLabelTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("  Falar\ncom vendas ", "Falar com vendas")]
    [InlineData("Falar com um vendedor agora", "Falar com um…")]
    [InlineData("Paralelepipedosinconstitucionais", "Paralelepipedosinco…")]
    [InlineData("Exatamente vinte car", "Exatamente vinte car")]
    [InlineData("123456789012345678👨‍👩‍👧", "123456789012345678…")]
    public void Fit_Label_IsOneLineThatIsNotTooLong(string? text, string expected) =>
        Assert.Equal(expected, ShortLabel.Fit(text, 20));

    [Fact]
    public void FitEach_Alike_AreToldApart()
    {
        string[] fitted = ShortLabel.FitEach(
            ["Quero a camisa azul clara", "Quero a camisa azul escura", "Sim", "Sim", ""], 20);
        Assert.Equal(5, fitted.Distinct(StringComparer.Ordinal).Count());
        Assert.All(fitted, label => Assert.InRange(label.Length, 1, 20));
        Assert.Equal(["Quero a camisa azul…", "Quero a camisa… 2", "Sim", "Sim 2", "1"], fitted);
    }
}
