using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vellarys.Secrets;
using Xunit;

namespace Vellarys.Tests.Secrets;

public sealed class SecretBoxTests
{
    private static readonly SecretPlace Place = At("channels.access_token");

    [Fact]
    public void Seal_ThenOpen_IsTheSecret_AndNeverTheSameTwice()
    {
        SecretBox box = Rings.Box("k1");
        string one = box.Seal("EAAG-token", Place), two = box.Seal("EAAG-token", Place);
        Assert.StartsWith("enc:v1:k1:", one, StringComparison.Ordinal);
        Assert.NotEqual(one, two);
        Assert.DoesNotContain("EAAG", one, StringComparison.Ordinal);
        Assert.Equal(new OpenedSecret("EAAG-token", null), box.Open(one, Place));
        Assert.Equal("", box.Seal("", Place));
    }

    [Fact]
    public void Open_InAnotherRowTenantOrColumn_IsRefused()
    {
        SecretBox box = Rings.Box("k1");
        string stored = box.Seal("secret", Place);
        SecretPlace[] others =
        [
            Place with { Owner = Ids.New(TimeProvider.System) },
            Place with { Tenant = new TenantId(Ids.New(TimeProvider.System)) },
            Place with { Column = "channels.verify_token" },
        ];
        Assert.All(others, other => Assert.Equal(
            new OpenedSecret("", SecretFaults.NotAuthentic), box.Open(stored, other)));
    }

    [Fact]
    public void Open_WithAnyByteChanged_IsRefused()
    {
        SecretBox box = Rings.Box("k1");
        string stored = box.Seal("secret", Place);
        for (int i = "enc:v1:k1:".Length; i < stored.Length - 1; i++)
        {
            char[] changed = stored.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            OpenedSecret opened = box.Open(new string(changed), Place);
            Assert.Equal(("", SecretFaults.NotAuthentic), (opened.Text, opened.Fault));
        }
    }

    [Theory]
    [InlineData("enc:v1:k1:", SecretFaults.Malformed)]
    [InlineData("enc:v1:k1:AAAA", SecretFaults.Malformed)]
    [InlineData("enc:v1:k1:****", SecretFaults.Malformed)]
    [InlineData("enc:v2:k1:AAAA", SecretFaults.Malformed)]
    [InlineData("enc:", SecretFaults.Malformed)]
    public void Open_WhatIsNoSealedSecret_SaysSo(string stored, string fault) =>
        Assert.Equal(fault, Rings.Box("k1").Open(stored, Place).Fault);

    [Fact]
    public void Open_OfAKeyThatIsGoneOrIsAnotherByNow_SaysWhich()
    {
        string stored = Rings.Box("k1").Seal("secret", Place);
        Assert.Equal(SecretFaults.UnknownKey, Rings.Box("k2").Open(stored, Place).Fault);
        Assert.Equal(SecretFaults.UnknownKey, SecretBox.WithoutKeys.Open(stored, Place).Fault);
        // The file was made anew while the database was kept.
        Assert.Equal(SecretFaults.NotAuthentic, Rings.Other("k1").Open(stored, Place).Fault);
    }

    [Fact]
    public void Renew_WithANewKey_ChangesTheWrappingOnly()
    {
        string old = Rings.Box("k1").Seal("secret", Place);
        SecretBox both = Rings.Box("k1", "k2");
        string renewed = both.Renew(old, Place);
        Assert.StartsWith("enc:v1:k2:", renewed, StringComparison.Ordinal);
        Assert.Equal("secret", Rings.Box("k2").Open(renewed, Place).Text);
        Assert.Equal(renewed, both.Renew(renewed, Place));
        Assert.Equal("secret", both.Open(both.Renew("secret", Place), Place).Text);
    }

    [Fact]
    public void Renew_WhatCannotBeOpened_LeavesItAlone()
    {
        string old = Rings.Box("k1").Seal("secret", Place);
        SecretBox both = Rings.Box("k1", "k2");
        Assert.Equal(old, both.Renew(old, Place with { Column = "channels.verify_token" }));
        Assert.Equal(old, Rings.Box("k2").Renew(old, Place));
        Assert.Equal("enc:v2:k9:AA", both.Renew("enc:v2:k9:AA", Place));
        // Without keys, that is by mistake, nothing is taken for done.
        Assert.Equal(old, SecretBox.WithoutKeys.Renew(old, Place));
    }

    [Fact]
    public void Renew_WhereNothingIsToBeSealed_TakesTheSealOff()
    {
        string old = Rings.Box("k1").Seal("secret", Place);
        Assert.Equal("secret", new SecretBox(Rings.Keys("k1"), seals: false).Renew(old, Place));
    }

    [Theory]
    [InlineData("Encryption:Keys:k1=short", "32 bytes")]
    [InlineData("Encryption:Keys:k_1=" + Rings.Hex, "letters, digits")]
    [InlineData("Encryption:Keys:a=" + Rings.Hex + ";Encryption:Keys:b=" + Rings.Hex, "Encryption:Current")]
    [InlineData("Encryption:Keys:a=" + Rings.Hex + ";Encryption:Current=b", "names no key")]
    [InlineData("Encryption:KeyFile=nowhere.txt", "cannot be read")]
    public void Read_SettingsThatMakeNoSense_AreRefusedWithoutTheKey(string settings, string says)
    {
        IConfiguration configuration = Configured(settings);
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(
            () => EncryptionOptions.Read(configuration, out _));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Rings.Hex, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AFile_SealsWithItsLastKeyAndOpensWithAll()
    {
        string file = Path.GetTempFileName();
        try
        {
            string base64 = Convert.ToBase64String(Convert.FromHexString(Rings.Hex));
            await File.WriteAllTextAsync(file, $"# made at the first start\nk1={Rings.Hex}\n\nK2 = {base64}\n");
            MasterKeys keys = EncryptionOptions.Read(Configured($"Encryption:KeyFile={file}"), out _);
            Assert.Equal("k2", keys.Current);
            Assert.Equal(keys.Find("k1"), keys.Find("k2"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IConfiguration Configured(string settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Split(';').Select(s => s.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])))
        .Build();

    private static SecretPlace At(string column) =>
        new(new TenantId(Ids.New(TimeProvider.System)), Ids.New(TimeProvider.System), column);
}
