using Vellarys.Accounts.Access;
using Vellarys.Accounts.Sessions;
using Vellarys.Http;

namespace Vellarys.Accounts.Users;

/// <summary>Somebody of the tenant as another wants them.</summary>
internal sealed record UserInput
{
    /// <summary>Only when somebody is added.</summary>
    public string? Email { get; set; }

    /// <summary>Only when somebody is added.</summary>
    public string? Username { get; set; }

    /// <summary>Only when somebody is added: the first password, to be changed by its owner.</summary>
    public string? Password { get; set; }

    /// <summary>As the tenant calls them.</summary>
    public string? Name { get; set; }

    /// <summary><c>admin</c>, <c>supervisor</c> or <c>atendente</c>.</summary>
    public string? Role { get; set; }

    /// <summary>Whose permissions take the place of the role's. Default none.</summary>
    public Guid? ProfileId { get; set; }

    /// <summary>False for somebody who has left. Default true.</summary>
    public bool Active { get; set; } = true;

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public FieldFault? Fault(string? companyName)
    {
        if (MemberFault() is { } member) return member;
        if (AccountInput.EmailFault(Email) is { } email) return new FieldFault("email", email);
        if (AccountInput.UsernameFault(Username) is { } username) return new FieldFault("username", username);
        return PasswordRules.Fault(Password, [Email, Username, Name, companyName]) is { } password
            ? new FieldFault("password", password)
            : null;
    }

    /// <summary>The same, of a change to somebody who is there.</summary>
    public FieldFault? ChangeFault()
    {
        if (Email is not null || Username is not null)
            return new FieldFault(Email is null ? "username" : "email", "belongs to its owner and cannot be changed");
        if (Password is not null) return new FieldFault("password", "has an address of its own");
        return MemberFault();
    }

    private FieldFault? MemberFault()
    {
        if (TextInput.Fault(Name, AccountInput.MaxName) is { } name) return new FieldFault("name", name);
        return BuiltInRoles.Names.Contains(Role)
            ? null
            : new FieldFault("role", $"must be among {string.Join(", ", BuiltInRoles.Names)}");
    }
}
