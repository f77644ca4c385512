namespace Vellarys.Channels.MetaCloud;

/// <summary>What a number at Meta is set up with.</summary>
internal static class MetaChannelForm
{
    public static ChannelForm Form { get; } = new()
    {
        LeastToken = 20,
        AddressFault = address => address is { Length: >= 5 and <= 20 } && address.All(char.IsAsciiDigit)
            ? null
            : "must be the phone number id, 5 to 20 digits, which is not the phone number itself",
    };
}
