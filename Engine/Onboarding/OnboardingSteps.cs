namespace Vellarys.Onboarding;

/// <summary>The eight, in their order.</summary>
internal static class OnboardingSteps
{
    public const string Tenant = "tenant";
    public const string Channel = "channel";
    public const string WebhookIn = "webhook-in";
    public const string WebhookOut = "webhook-out";
    public const string Prompt = "prompt";
    public const string Users = "users";
    public const string Limits = "limits";
    public const string Watch = "first-week";
}
