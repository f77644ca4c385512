using System.Security.Cryptography;
using Vellarys.Secrets;

namespace Vellarys.Channels;

/// <summary>A channel's secrets on their way into its row and out of it.</summary>
internal sealed class ChannelSecrets(SecretBox box, TenantId tenant, ChannelId channel)
{
    /// <summary>The token as it is to be stored.</summary>
    public string Token(string clear) => box.Seal(clear, At("access_token"));

    public string VerifyToken(string clear) => box.Seal(clear, At("verify_token"));

    public string WebhookSecret(string clear) => box.Seal(clear, At("webhook_secrets"));

    /// <summary>What is stored, as it is to be stored from now on.</summary>
    public string RenewToken(string stored) => box.Renew(stored, At("access_token"));

    public string RenewVerifyToken(string stored) => box.Renew(stored, At("verify_token"));

    public string RenewWebhookSecret(string stored) => box.Renew(stored, At("webhook_secrets"));

    /// <summary>
    /// The channel in the clear. What cannot be opened is no secret, and not the installation's own either: in its
    /// place stands one that nobody knows.
    /// </summary>
    public static Channel Open(SecretBox box, Channel stored)
    {
        var secrets = new ChannelSecrets(box, stored.Tenant, stored.Id);
        string? fault = null;
        string token = Clear(box.Open(stored.AccessToken, secrets.At("access_token")));
        string verify = Clear(box.Open(stored.VerifyToken, secrets.At("verify_token")));
        string[] signing =
        [
            .. stored.WebhookSecrets.Select(s => Clear(box.Open(s, secrets.At("webhook_secrets")))),
        ];
        return stored with
        {
            AccessToken = token, VerifyToken = verify, WebhookSecrets = signing, SecretFault = fault,
        };

        string Clear(OpenedSecret opened)
        {
            fault ??= opened.Fault;
            return opened.Fault is null ? opened.Text : RandomNumberGenerator.GetHexString(64);
        }
    }

    private SecretPlace At(string column) => new(tenant, channel.Value, "channels." + column);
}
