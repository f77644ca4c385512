using Vellarys.Channels.Setup;
using Vellarys.Channels.Stops;
using Vellarys.Http;

namespace Vellarys.Onboarding;

/// <summary>The number, and the way in from its provider.</summary>
internal sealed class SetUpChannel(
    AddChannel add, ChangeChannel change, TestChannel test, ChannelStopsStore channels, ApiOptions options)
{
    /// <param name="input">Without a fault; null: the company's first one, if it has any.</param>
    /// <returns>Two steps, and the channel if there is one.</returns>
    public async Task<(IReadOnlyList<OnboardingStep> Steps, ChannelId? Channel)> RunAsync(
        TenantId tenant, ChannelInput? input, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChannelRow> all = await channels.ListAsync(tenant, null, cancellationToken);
        ChannelRow? present = input is null
            ? (all is [var first, ..] ? first : null)
            : all.FirstOrDefault(c => c.Kind == input.Kind && c.Address == input.Address);
        if (present is null && input is null)
        {
            OnboardingStep none = OnboardingStep.Skipped(
                OnboardingSteps.Channel, "No number was named: send it as channel, and run this again.", "not_named");
            return ([none, NeedsNumber()], null);
        }

        (ChannelId? id, OnboardingStep? failed) = present is null
            ? await AddAsync(tenant, input!, cancellationToken)
            : await ChangeAsync(tenant, new ChannelId(present.Id), input, cancellationToken);
        if (id is not { } channel) return ([failed!, NeedsNumber()], null);
        ChannelReport? report = await test.RunAsync(tenant, channel, cancellationToken);
        return report is null
            ? ([Gone(), NeedsNumber()], null)
            : ([Sending(channel, report.Sending), WayIn(channel, report)], channel);
    }

    private async Task<(ChannelId? Id, OnboardingStep? Failed)> AddAsync(
        TenantId tenant, ChannelInput input, CancellationToken cancellationToken) =>
        await add.RunAsync(tenant, input, isProven: true, cancellationToken) switch
        {
            ChannelAddition.Added added => (added.Id, null),
            ChannelAddition.Refused refused => (null, OnboardingStep.Failed(
                OnboardingSteps.Channel, refused.Reason, refused.Code)),
            _ => (null, Gone()),
        };

    /// <summary>A run that goes on may bring the token that the last one had wrong.</summary>
    private async Task<(ChannelId? Id, OnboardingStep? Failed)> ChangeAsync(
        TenantId tenant, ChannelId id, ChannelInput? input, CancellationToken cancellationToken)
    {
        if (input is null) return (id, null);
        var changes = new ChannelChange
        {
            DisplayName = input.DisplayName, AccessToken = input.AccessToken, VerifyToken = input.VerifyToken,
            ServerUrl = input.ServerUrl,
        };
        return await change.RunAsync(tenant, id, changes, cancellationToken) is { } refusal
            ? (null, OnboardingStep.Failed(OnboardingSteps.Channel, refusal.Reason, refusal.Code))
            : (id, null);
    }

    private static OnboardingStep Sending(ChannelId id, ChannelCheck sending) => sending.Result switch
    {
        "failed" => OnboardingStep.Failed(
            OnboardingSteps.Channel,
            $"Channel {id} is there, but its provider refuses the token for the number: run this again with another.",
            sending.Code ?? "refused"),
        "ok" => OnboardingStep.Done(OnboardingSteps.Channel, $"Channel {id}: the provider takes its token."),
        _ when sending.Code == "not_asked" => OnboardingStep.Done(
            OnboardingSteps.Channel, $"Channel {id} is there; its provider has nothing to be asked."),
        _ => OnboardingStep.Waiting(
            OnboardingSteps.Channel, $"Channel {id} is there, but its provider gave no clear answer: run this again.",
            sending.Code ?? "unclear"),
    };

    private OnboardingStep WayIn(ChannelId id, ChannelReport report)
    {
        string address = AddressOf(id);
        ChannelCheck webhook = report.Webhook;
        return webhook.Result switch
        {
            "ok" => OnboardingStep.Done(
                OnboardingSteps.WebhookIn,
                $"{address} was called from outside and answered: enter it at the provider."),
            "failed" => OnboardingStep.Failed(
                OnboardingSteps.WebhookIn,
                $"{address} was called from outside and did not answer as it must: see that it leads here.",
                webhook.Code ?? "failed"),
            _ when webhook.Code == "not_asked" => OnboardingStep.Skipped(
                OnboardingSteps.WebhookIn, "This kind of channel has no handshake to try.", "not_asked"),
            _ when webhook.Code == "no_public_url" => OnboardingStep.Waiting(
                OnboardingSteps.WebhookIn,
                $"Start the installation with PUBLIC_URL, its address outside, and run this again; then {address}.",
                "no_public_url"),
            _ => OnboardingStep.Waiting(
                OnboardingSteps.WebhookIn,
                "Give the channel a verifyToken (or the installation VERIFY_TOKEN), and run this again.",
                webhook.Code ?? "unclear"),
        };
    }

    /// <summary>Where the provider is to call; without a host where the installation does not know its own.</summary>
    public string AddressOf(ChannelId id) => $"{options.PublicUrl.TrimEnd('/')}/api/v1/webhooks/{id}";

    private static OnboardingStep NeedsNumber() => OnboardingStep.Waiting(
        OnboardingSteps.WebhookIn, "The number comes first.", "no_channel");

    private static OnboardingStep Gone() => OnboardingStep.Failed(
        OnboardingSteps.Channel, "The channel is gone.", "channel_not_found");
}
