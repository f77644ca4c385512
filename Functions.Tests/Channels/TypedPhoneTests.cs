using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class TypedPhoneTests
{
    [Theory]
    [InlineData("5541987654321", "5541987654321")]
    [InlineData("554187654321", "5541987654321")]
    [InlineData("+55 41 98765-4321", "5541987654321")]
    [InlineData("+55 (41) 8765-4321", "5541987654321")]
    [InlineData(" 55 41 98765 4321", "5541987654321")]
    [InlineData("0055 41 98765.4321", "5541987654321")]
    [InlineData("(41) 98765-4321", "5541987654321")]
    [InlineData("41 8765 4321", "5541987654321")]
    [InlineData("041 98765-4321", "5541987654321")]
    [InlineData("0 21 41 98765-4321", "5541987654321")]
    [InlineData("\u202A+55\u00A041\u00A098765\u20114321\u202C", "5541987654321")]
    [InlineData("(41) 3232-1111", "554132321111")]
    [InlineData("0xx41", null)]
    [InlineData("52 1 55 1234 5678", "525512345678")]
    [InlineData("+52 55 1234 5678", "525512345678")]
    [InlineData("55 1234 5678", "525512345678")]
    [InlineData("+54 9 11 2345-6789", "5491123456789")]
    [InlineData("+54 11 2345-6789", "5491123456789")]
    [InlineData("011 15 2345-6789", "5491123456789")]
    [InlineData("11 2345-6789", "5491123456789")]
    [InlineData("+1 (650) 555-1234", "16505551234")]
    public void Meanings_AnyWriting_HoldWhatIsStored(string typed, string? stored) =>
        Assert.Equal(stored is not null, TypedPhone.Meanings(typed)?.Contains(stored) ?? false);

    [Theory]
    [InlineData("Ana")]
    [InlineData("+")]
    [InlineData("")]
    [InlineData("5541\u0000987654321")]
    [InlineData("123456789012345678901")]
    public void Meanings_NoNumber_AreNull(string typed) => Assert.Null(TypedPhone.Meanings(typed));

    [Fact]
    public void Meanings_WithItsCountry_IsThatNumberOnly() =>
        Assert.Equal("551132654321", Assert.Single(TypedPhone.Meanings("+55 11 3265-4321")!));
}
