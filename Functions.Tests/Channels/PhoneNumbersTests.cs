using Vellarys.Channels;
using Xunit;

namespace Vellarys.Tests.Channels;

public sealed class PhoneNumbersTests
{
    [Theory]
    [InlineData("551187654321", "5511987654321")]
    [InlineData("553199998888", "5531999998888")]
    [InlineData("557176543210", "5571976543210")]
    [InlineData("558561234567", "5585961234567")]
    [InlineData("559288887777", "5592988887777")]
    [InlineData("554799112233", "5547999112233")]
    public void Canonical_BrazilianMobileWithoutNinth_GetsIt(string digits, string expected) =>
        Assert.Equal(expected, PhoneNumbers.Canonical(digits));

    [Theory]
    [InlineData("5511987654321")] // has it
    [InlineData("551132654321")] // landline, 3
    [InlineData("556125554444")] // landline, 2
    [InlineData("557145556666")] // landline, 4
    [InlineData("558551234567")] // landline, 5
    [InlineData("551012345678")] // no area begins or ends with 0
    [InlineData("550187654321")]
    [InlineData("551117654321")] // no subscriber number begins with 1
    [InlineData("551107654321")]
    [InlineData("55118765432")] // too short
    [InlineData("5511187654321")] // 13 digits are left alone, whatever they are
    [InlineData("561187654321")] // not Brazil
    [InlineData("972987654321")] // twelve digits, but Israel
    [InlineData("16505551234")]
    [InlineData("447911123456")]
    [InlineData("")]
    [InlineData("55")]
    public void Canonical_AnythingElse_StaysAsItIs(string digits) =>
        Assert.Equal(digits, PhoneNumbers.Canonical(digits));

    [Theory]
    [InlineData("5215512345678", "525512345678")]
    [InlineData("5218112345678", "528112345678")]
    [InlineData("541123456789", "5491123456789")]
    [InlineData("542614567890", "5492614567890")]
    public void Canonical_MexicoAndArgentina_HaveOneFormEach(string digits, string expected) =>
        Assert.Equal(expected, PhoneNumbers.Canonical(digits));

    [Theory]
    [InlineData("525512345678")]
    [InlineData("521512345678")] // ten digits that begin with 1 are no Mexican number
    [InlineData("5211234567890")]
    [InlineData("5491123456789")]
    [InlineData("549112345678")]
    [InlineData("51987654321")]
    [InlineData("571234567890")]
    public void Canonical_OtherNumbersNearby_StayAsTheyAre(string digits) =>
        Assert.Equal(digits, PhoneNumbers.Canonical(digits));

    /// <summary>Brazil's 67 areas: each mobile in both writings is one number, and no landline is any mobile.</summary>
    [Fact]
    public void Canonical_EveryBrazilianArea_MergesMobilesAndNothingElse()
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (BrazilianPerson person in BrazilianPerson.Generate(perArea: 200))
        {
            foreach (string writing in person.Writings)
                Assert.Equal(person.Id, owners.TryAdd(PhoneNumbers.Canonical(writing), person.Id)
                    ? person.Id
                    : owners[PhoneNumbers.Canonical(writing)]);
        }

        Assert.Equal(67 * 200, owners.Count);
    }

    [Fact]
    public void Canonical_BothWritings_AreOneNumber()
    {
        for (int area = 11; area <= 99; area++)
        {
            if (area % 10 == 0) continue;
            foreach (char first in "6789")
            {
                string subscriber = first + "8765432";
                Assert.Equal(
                    PhoneNumbers.Canonical($"55{area}9{subscriber}"), PhoneNumbers.Canonical($"55{area}{subscriber}"));
            }
        }
    }
}
