using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>Who works for a company.</summary>
internal static class UserCommands
{
    private const int PasswordBytes = 18;

    public static Command Make(Verbs verbs)
    {
        Option<string> email = new("--email") { Description = "By which they sign in.", Required = true };
        Option<string> login = new("--username") { Description = "By which they sign in as well.", Required = true };
        Option<string> name = new("--name") { Description = "As the company calls them.", Required = true };
        Option<string> role = new("--role") { Description = "admin, supervisor or atendente.", Required = true };
        Option<string?> password = new("--password-file")
        {
            Description = "A file with the first password, - for stdin. Default: one is made, and shown once.",
        };
        return Verbs.Group(
            "user", "Who works for a company.",
            verbs.Make("add", "Lets somebody in.", async (parsed, api, output, stop) =>
            {
                string? given = verbs.Read(parsed.GetValue(password));
                string first = given ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes));
                JsonNode? made = await api.PostAsync("/users", new JsonObject
                {
                    ["email"] = parsed.GetValue(email), ["username"] = parsed.GetValue(login),
                    ["name"] = parsed.GetValue(name), ["role"] = parsed.GetValue(role), ["password"] = first,
                }, stop);
                bool isNew = (bool?)made?["wasThere"] == false;
                if (isNew && given is null) made!["password"] = first;
                output.Table(made, [made?["user"]?.DeepClone()], "id", "email", "username", "name", "role");
                if (!isNew) output.Line("They had an account, and keep its user name and password.");
                else if (given is null) output.Line($"\npassword  {first}   (shown this once)");
                return 0;
            }, email, login, name, role, password),
            verbs.List("The latest 200.", "/users?limit=200", "id", "email", "username", "name", "role", "active"));
    }
}
