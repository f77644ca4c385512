namespace Vellarys.Onboarding;

/// <summary>What became of one step.</summary>
/// <param name="Step">One of <see cref="OnboardingSteps"/>.</param>
/// <param name="State"><c>done</c>, <c>skipped</c>, <c>failed</c> or <c>waiting</c> for somebody else.</param>
/// <param name="Detail">For a person: what is so, and what to do where it is not done.</param>
/// <param name="Code">Stable; null where there is nothing to do.</param>
internal sealed record OnboardingStep(string Step, string State, string Detail, string? Code)
{
    public static OnboardingStep Done(string step, string detail) => new(step, "done", detail, null);

    public static OnboardingStep Skipped(string step, string detail, string code) => new(step, "skipped", detail, code);

    public static OnboardingStep Failed(string step, string detail, string code) => new(step, "failed", detail, code);

    public static OnboardingStep Waiting(string step, string detail, string code) => new(step, "waiting", detail, code);
}
