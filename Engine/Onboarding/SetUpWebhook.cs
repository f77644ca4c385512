using Vellarys.Webhooks;
using Vellarys.Webhooks.Endpoints;

namespace Vellarys.Onboarding;

/// <summary>The way out: the company's own system is called with a ping, and must take it.</summary>
internal sealed class SetUpWebhook(CreateEndpoint create, ListEndpoints list, TestEndpoint test)
{
    private const int All = 1_000;

    /// <param name="input">Without a fault.</param>
    /// <returns>The step, and the secret if the endpoint is new.</returns>
    public async Task<(OnboardingStep Step, string? Secret)> RunAsync(
        TenantId tenant, EndpointInput? input, CancellationToken cancellationToken)
    {
        IReadOnlyList<EndpointRow> present = await list.RunAsync(tenant, null, null, All, cancellationToken);
        EndpointRow? there = input is null
            ? (present is [var first, ..] ? first : null)
            : present.FirstOrDefault(p => p.Url == input.Url);
        Guid? id = there?.Id;
        string? secret = null;
        if (id is null)
        {
            if (input is null)
            {
                return (OnboardingStep.Skipped(
                    OnboardingSteps.WebhookOut, "No address of the company's own was named: nothing is told to it.",
                    "not_named"), null);
            }

            if (await create.RunAsync(tenant, input, cancellationToken) is not (var made, var shown))
            {
                return (OnboardingStep.Failed(
                    OnboardingSteps.WebhookOut, "The company has as many endpoints as it may.", "webhook_limit"), null);
            }

            (id, secret) = (made, shown);
        }

        CallOutcome? ping = await test.RunAsync(tenant, id.Value, cancellationToken);
        return (ping is { IsTaken: true }
            ? OnboardingStep.Done(OnboardingSteps.WebhookOut, $"Endpoint {id} took a signed ping.")
            : OnboardingStep.Failed(
                OnboardingSteps.WebhookOut,
                $"Endpoint {id} is there and did not take a signed ping: any answer from 200 to 299 would do.",
                ping?.Reason ?? "webhook_not_found"), secret);
    }
}
