using System.Buffers.Text;
using System.Security.Cryptography;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Prompts;
using Vellarys.Accounts.Users;

namespace Vellarys.Onboarding;

/// <summary>What the assistant is told, and who administers the company.</summary>
internal sealed class SetUpPeople(PromptStore prompts, CreateUser create, ListUsers list)
{
    private const int PasswordBytes = 18;
    private const int Versions = 200;

    /// <param name="prompt">Without a fault.</param>
    public async Task<OnboardingStep> TellAsync(TenantId tenant, string? prompt, CancellationToken cancellationToken)
    {
        PromptRow? active = (await prompts.ListAsync(tenant, null, int.MaxValue, Versions, cancellationToken))
            .FirstOrDefault(p => p.Active && p.Body.Length > 0);
        if (prompt is null && active is null)
        {
            return OnboardingStep.Skipped(
                OnboardingSteps.Prompt, "None was given: the assistant answers for a company in general.", "not_named");
        }

        if (prompt is null || active?.Body == prompt)
            return OnboardingStep.Done(OnboardingSteps.Prompt, $"Version {active!.Version} is active.");
        int version = await prompts.AddAsync(
            tenant, new PromptInput { Body = prompt, Note = "onboarding", Activate = true }, cancellationToken);
        return OnboardingStep.Done(OnboardingSteps.Prompt, $"Version {version} is active.");
    }

    /// <param name="admin">Without a fault.</param>
    /// <returns>The step, and the password if the account is new.</returns>
    public async Task<(OnboardingStep Step, string? Password)> LetInAsync(
        TenantId tenant, AdminInput? admin, CancellationToken cancellationToken)
    {
        if (admin is null)
        {
            IReadOnlyList<UserRow> some = await list.RunAsync(tenant, true, null, null, Versions, cancellationToken);
            return (some.Any(u => u.Role == BuiltInRoles.Admin)
                ? OnboardingStep.Done(OnboardingSteps.Users, "The company has an administrator.")
                : OnboardingStep.Skipped(
                    OnboardingSteps.Users, "No administrator was named: nobody of the company can sign in.",
                    "not_named"), null);
        }

        string password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes));
        UserInput user = new()
        {
            Email = admin.Email, Username = admin.Username, Name = admin.Name, Password = password,
            Role = BuiltInRoles.Admin,
        };
        return await create.RunAsync(tenant, user, mayAttach: true, cancellationToken) switch
        {
            UserCreation.Created { WasThere: false } => (OnboardingStep.Done(
                OnboardingSteps.Users, "The administrator's first password is shown this once: to be changed."),
                password),
            UserCreation.Created => (OnboardingStep.Done(
                OnboardingSteps.Users, "Who goes by this e-mail address had an account, with its password."), null),
            UserCreation.Refused { Code: UserCreation.AlreadyMember } => (OnboardingStep.Done(
                OnboardingSteps.Users, "Who goes by this e-mail address works here already."), null),
            UserCreation.Refused { Code: UserCreation.UsernameTaken } => (OnboardingStep.Failed(
                OnboardingSteps.Users, "Choose another user name, and run this again.", UserCreation.UsernameTaken),
                null),
            UserCreation.Refused refused => (OnboardingStep.Failed(
                OnboardingSteps.Users, "The plan of this company includes no further user.", refused.Code), null),
            _ => throw new InvalidOperationException("No other end of a creation is known."),
        };
    }
}
