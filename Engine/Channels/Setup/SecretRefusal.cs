namespace Vellarys.Channels.Setup;

/// <summary>Why a channel's secrets stay as they are.</summary>
internal sealed record SecretRefusal(string Code, string Reason)
{
    public static SecretRefusal NoChannel { get; } = new("channel_not_found", "There is no such channel.");

    public static SecretRefusal NoSecret { get; } = new("secret_not_found", "The channel has no such secret.");

    public static SecretRefusal TwoLive { get; } = new(
        "two_secrets_live", "Two secrets are good already: end one of them first.");

    public static SecretRefusal LastOne { get; } = new(
        "last_secret", "It is the newest secret: without it the channel would take no webhook. Add another one first.");

    public static SecretRefusal NoKey { get; } = new(
        "no_master_key",
        "Secrets would be stored in plain: give the installation a master key (Encryption:KeyFile) first.");
}
