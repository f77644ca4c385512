using Vellarys.Accounts.Sessions;
using Vellarys.Http;

namespace Vellarys.Onboarding;

/// <summary>Who administers the company first. The first password is ours, shown once.</summary>
internal sealed record AdminInput
{
    public string? Email { get; set; }

    public string? Username { get; set; }

    public string? Name { get; set; }

    public IEnumerable<FieldFault> Faults()
    {
        if (AccountInput.EmailFault(Email) is { } email) yield return new FieldFault("email", email);
        if (AccountInput.UsernameFault(Username) is { } username) yield return new FieldFault("username", username);
        if (TextInput.Fault(Name, AccountInput.MaxName) is { } name) yield return new FieldFault("name", name);
    }
}
