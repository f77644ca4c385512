using Vellarys.Http;
using Vellarys.Secrets;

namespace Vellarys.Channels.Setup;

/// <summary>A channel as somebody wants it. Its secrets come in and never go out.</summary>
internal sealed record ChannelInput
{
    private const int MaxName = 200;

    /// <summary>Which provider: <c>meta-cloud</c>, <c>evolution</c>, <c>uazapi</c>, <c>z-api</c>...</summary>
    public string? Kind { get; set; }

    /// <summary>
    /// The provider's key of the number: at Meta its phone number id, elsewhere the instance's name or id. Sandbox: any
    /// name.
    /// </summary>
    public string? Address { get; set; }

    public string? DisplayName { get; set; }

    /// <summary>
    /// Where the provider's API is, for one that companies run or rent themselves: https, and public, unless the
    /// installation vouches for the host.
    /// </summary>
    public string? ServerUrl { get; set; }

    /// <summary>
    /// What sending authenticates with; the sandbox needs none. Z-API: the instance's token, and behind a colon the
    /// account's security token where it has one.
    /// </summary>
    public string? AccessToken { get; set; }

    /// <summary>
    /// What webhooks are signed with, or show: at Meta the app's secret. Null: the installation's own, or what the
    /// provider itself shows; where there is neither it is required.
    /// </summary>
    public string? WebhookSecret { get; set; }

    /// <summary>What Meta's handshake must show. Null: the installation's own.</summary>
    public string? VerifyToken { get; set; }

    /// <summary>Everything that is wrong.</summary>
    public IEnumerable<FieldFault> Faults(ChannelForms forms)
    {
        if (DisplayName is not null && TextInput.Fault(DisplayName, MaxName) is { } name)
            yield return new FieldFault("displayName", name);
        if (forms.Of(Kind) is not { } form)
            yield return new FieldFault("kind", $"must be among {string.Join(", ", forms.Kinds)}");
        else
        {
            if (ChannelForms.AddressFault(form, Address) is { } address)
                yield return new FieldFault("address", address);
            if (forms.ServerFault(form, ServerUrl) is { } server) yield return new FieldFault("serverUrl", server);
            if (ChannelForms.TokenFault(form, AccessToken) is { } token)
                yield return new FieldFault("accessToken", token);
            if (WebhookSecret is null && form.NeedsSecret) yield return new FieldFault("webhookSecret", "is required");
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

    public string? ServerUrl { get; set; }

    /// <param name="kind">Of the channel as it is.</param>
    public IEnumerable<FieldFault> Faults(ChannelForms forms, string kind)
    {
        ChannelForm form = forms.Of(kind) ?? ChannelForm.Any;
        if (DisplayName is not null && TextInput.Fault(DisplayName, 200) is { } name)
            yield return new FieldFault("displayName", name);
        if (ServerUrl is not null && forms.ServerFault(form, ServerUrl) is { } server)
            yield return new FieldFault("serverUrl", server);
        if (AccessToken is not null && ChannelForms.TokenFault(form, AccessToken) is { } token)
            yield return new FieldFault("accessToken", token);
        if (VerifyToken is not null && ChannelInput.SecretFault(VerifyToken, 8, 200) is { } verify)
            yield return new FieldFault("verifyToken", verify);
    }

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => DisplayName ?? "";
}
