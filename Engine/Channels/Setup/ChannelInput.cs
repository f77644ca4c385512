using Vellarys.Channels.Dialog360;
using Vellarys.Channels.MetaCloud;
using Vellarys.Channels.Sandbox;
using Vellarys.Http;
using Vellarys.Secrets;

namespace Vellarys.Channels.Setup;

/// <summary>A channel as somebody wants it. Its secrets come in and never go out.</summary>
internal sealed record ChannelInput
{
    public static readonly string[] Kinds =
        [MetaCloudProvider.KindName, Dialog360Provider.KindName, SandboxProvider.KindName];

    private const int MaxName = 200;

    /// <summary><c>meta-cloud</c>, <c>360dialog</c> or <c>sandbox</c>.</summary>
    public string? Kind { get; set; }

    /// <summary>
    /// The provider's key of the number: at Meta its phone number id; at 360dialog that or the number's digits.
    /// Sandbox: any name.
    /// </summary>
    public string? Address { get; set; }

    public string? DisplayName { get; set; }

    /// <summary>What sending authenticates with; the sandbox needs none.</summary>
    public string? AccessToken { get; set; }

    /// <summary>
    /// What webhooks are signed with: at Meta the app's secret. Null: the installation's own; for the sandbox and for
    /// 360dialog, which shows it as <c>X-Webhook-Token</c>, required.
    /// </summary>
    public string? WebhookSecret { get; set; }

    /// <summary>What Meta's handshake must show. Null: the installation's own.</summary>
    public string? VerifyToken { get; set; }

    /// <summary>Everything that is wrong.</summary>
    public IEnumerable<FieldFault> Faults()
    {
        if (!Kinds.Contains(Kind)) yield return new FieldFault("kind", $"must be among {string.Join(", ", Kinds)}");
        if (DisplayName is not null && TextInput.Fault(DisplayName, MaxName) is { } name)
            yield return new FieldFault("displayName", name);
        if (Kind == MetaCloudProvider.KindName)
        {
            if (Address is not { Length: >= 5 and <= 20 } || !Address.All(char.IsAsciiDigit))
            {
                yield return new FieldFault(
                    "address", "must be the phone number id, 5 to 20 digits, which is not the phone number itself");
            }

            if (SecretFault(AccessToken, 20, 1_000) is { } token) yield return new FieldFault("accessToken", token);
        }
        else if (Kind == Dialog360Provider.KindName)
        {
            if (Address is not { Length: >= 5 and <= 20 } || !Address.All(char.IsAsciiDigit))
                yield return new FieldFault("address", "must be the number or its id at Meta, 5 to 20 digits");
            if (SecretFault(AccessToken, 10, 1_000) is { } key) yield return new FieldFault("accessToken", key);
            if (WebhookSecret is null) yield return new FieldFault("webhookSecret", "is required");
        }
        else
        {
            if (TextInput.Fault(Address, 100) is { } address) yield return new FieldFault("address", address);
            if (AccessToken is not null) yield return new FieldFault("accessToken", "the sandbox has none");
            if (WebhookSecret is null) yield return new FieldFault("webhookSecret", "is required");
        }

        if (WebhookSecret is not null && SecretFault(WebhookSecret, 16, 200) is { } secret)
            yield return new FieldFault("webhookSecret", secret);
        if (VerifyToken is not null && SecretFault(VerifyToken, 8, 200) is { } verify)
            yield return new FieldFault("verifyToken", verify);
    }

    /// <summary>Null when the secret is fine.</summary>
    public static string? SecretFault(string? secret, int least, int most)
    {
        if (secret is null || secret.Length < least || secret.Length > most)
            return $"must have {least} to {most} characters";
        if (secret.AsSpan().ContainsAnyExceptInRange('!', '~')) return "must have visible ASCII characters only";
        return secret.StartsWith(SecretBox.AnyMark, StringComparison.Ordinal)
            ? $"must not begin with {SecretBox.AnyMark}"
            : null;
    }

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => $"{Kind} {Address}";
}

/// <summary>What of a channel is to change; null stays.</summary>
internal sealed record ChannelChange
{
    public string? DisplayName { get; set; }

    public string? AccessToken { get; set; }

    public string? VerifyToken { get; set; }

    public IEnumerable<FieldFault> Faults()
    {
        if (DisplayName is not null && TextInput.Fault(DisplayName, 200) is { } name)
            yield return new FieldFault("displayName", name);
        if (AccessToken is not null && ChannelInput.SecretFault(AccessToken, 20, 1_000) is { } token)
            yield return new FieldFault("accessToken", token);
        if (VerifyToken is not null && ChannelInput.SecretFault(VerifyToken, 8, 200) is { } verify)
            yield return new FieldFault("verifyToken", verify);
    }

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => DisplayName ?? "";
}
