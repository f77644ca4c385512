using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using Vellarys.Accounts.Access;
using Vellarys.Api;
using Vellarys.Http;
using Vellarys.Standalone;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Api;

/// <summary>
/// Every endpoint of the composed host says whom it is for. <c>docs/permissions.md</c> is the table of it; after a
/// change: <c>UPDATE_PERMISSIONS=1 dotnet test Functions.Tests --filter EndpointAccessTests</c>, and commit the file.
/// </summary>
public sealed partial class EndpointAccessTests
{
    // What changes something and is in no record of changes, and why.
    private static readonly Dictionary<string, string> Unwritten = new()
    {
        ["account.set-own-password"] = "one's own account, which is no tenant's: its sessions say so",
        ["session.end-all"] = "one's own account, which is no tenant's: its sessions say so",
        ["session.sign-out"] = "one's own account, which is no tenant's: its sessions say so",
        ["totp.confirm"] = "one's own account, which is no tenant's",
        ["totp.disable"] = "one's own account, which is no tenant's",
        ["totp.enrol"] = "one's own account, which is no tenant's",
        ["agent.create"] = "the list of who answers opens nothing",
        ["agent.update"] = "the list of who answers opens nothing",
        ["agent.set-presence"] = "many a time a day, and it opens nothing",
        ["notification.mark-read"] = "many a time a day, and it opens nothing",
        ["conversation.close"] = "the conversation says who did it",
        ["conversation.give-back"] = "the conversation says who did it",
        ["conversation.take-over"] = "the conversation says who did it",
        ["media.upload"] = "the file goes out with a message, which says who wrote it",
        ["message.send"] = "the message says who wrote it",
        ["handoff.accept"] = "the flow's events say who did it",
        ["handoff.decline"] = "the flow's events say who did it",
        ["handoff.transfer"] = "the flow's events say who did it",
    };

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;
    private static readonly string File = Path.Combine(Sources.Root, "docs", "permissions.md");

    [Fact]
    public async Task Endpoint_Each_IsOpenOrNamesPermissionAndAudit() => Rule.Holds(
        from endpoint in await EndpointsAsync()
        let open = endpoint.Metadata.GetMetadata<OpenToAll>() is not null
        let access = endpoint.Metadata.GetMetadata<EndpointAccess>()
        where open == access is not null
            || (access is not null && !Permissions.All.Contains(access.Permission))
            || (access is not null && !AuditName().IsMatch(access.Audit))
        select $"{Name(endpoint)}: {access?.ToString() ?? (open ? "open" : "for nobody")}");

    [Fact]
    public async Task AuditName_Each_IsOfOneEndpoint() => Rule.Holds(
        from endpoint in await EndpointsAsync()
        let access = endpoint.Metadata.GetMetadata<EndpointAccess>()
        where access is not null
        group endpoint by access.Audit into named
        where named.Count() > 1
        select $"{named.Key}: {string.Join(", ", named.Select(Name))}");

    [Fact]
    public async Task ChangingEndpoint_Each_IsWrittenDownOrHasAReasonNotTo()
    {
        RouteEndpoint[] changing =
        [
            .. (await EndpointsAsync()).Where(e => e.Metadata.GetMetadata<EndpointAccess>() is not null
                && !e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.All(m => m is "GET" or "HEAD")),
        ];
        string[] unwritten =
        [
            .. changing.Where(e => e.Metadata.GetMetadata<Audited>() is null)
                .Select(e => e.Metadata.GetMetadata<EndpointAccess>()!.Audit).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(Unwritten.Keys.Order(StringComparer.Ordinal), unwritten);
    }

    [Fact]
    public async Task OpenEndpoints_AreTheseOnly() => Assert.Equal(
        [
            "GET /", "GET /api/v1", "GET /api/v1/auth/oidc/callback", "GET /api/v1/auth/oidc/start",
            "GET /api/v1/webhooks/{channel}",
            "GET /api/whatsapp/webhooks/messages", "GET /docs", "GET /health", "GET /health/pool",
            "GET /media/{token}", "GET /openapi/v1.json", "GET /setup",
            "POST /api/v1/auth/refresh", "POST /api/v1/auth/setup", "POST /api/v1/auth/sign-in",
            "POST /api/v1/webhooks/{channel}", "POST /api/v1/webhooks/{channel}/{token}",
            "POST /api/v1/webhooks/{channel}/{token}/{event}",
            "POST /api/v1/webhooks/{channel}/{token}/{event}/{type}",
            "POST /api/whatsapp/webhooks/messages", "POST /sandbox", "POST /setup",
        ],
        (await EndpointsAsync()).Where(e => e.Metadata.GetMetadata<OpenToAll>() is not null)
            .Select(Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Matrix_OfRolesAndEndpoints_IsWhatTheDocumentSays()
    {
        string table = Document(await EndpointsAsync());
        if (Environment.GetEnvironmentVariable("UPDATE_PERMISSIONS") == "1")
            await System.IO.File.WriteAllTextAsync(File, table);
        Assert.True(table == await System.IO.File.ReadAllTextAsync(File),
            "docs/permissions.md is not what the endpoints say. If they are right, write it anew: "
            + "UPDATE_PERMISSIONS=1 dotnet test Functions.Tests --filter EndpointAccessTests");
    }

    /// <summary>Mapped, and not started: nothing is connected to.</summary>
    private static async Task<IReadOnlyList<RouteEndpoint>> EndpointsAsync()
    {
        WebApplicationBuilder builder = Composition.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = "postgres://vellarys@127.0.0.1:1/vellarys",
            ["VELLARYS_API_KEY"] = "a-key-of-sufficient-length",
        });
        builder.AddEngine();
        await using WebApplication app = builder.Build();
        app.MapEngine(app);
        return
        [
            .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>(),
        ];
    }

    private static string Name(RouteEndpoint endpoint) =>
        $"{string.Join('|', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])} "
        + RouteOf(endpoint);

    private static string RouteOf(RouteEndpoint endpoint)
    {
        return "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(
            s => string.Concat(s.Parts.Select(p => p switch
            {
                RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                RoutePatternLiteralPart literal => literal.Content,
                _ => "",
            }))));
    }

    private static string Document(IReadOnlyList<RouteEndpoint> endpoints)
    {
        StringBuilder text = new(
            """
            # Who may call what

            Made by a test from the endpoints themselves (`Functions.Tests/Api/EndpointAccessTests.cs`); what the roles
            hold is in `Engine/Accounts/Access/BuiltInRoles.cs`. A profile of a tenant takes the place of its members'
            roles, and the scopes of a tenant's key are permissions as well. `platform` is an administrator of the
            platform; the installation's key may do all of it but what needs an account (`account.own`). `support` is an
            administrator of the platform in a tenant that let them look.


            """.ReplaceLineEndings("\n"));
        string[] roles = [BuiltInRoles.Admin, BuiltInRoles.Supervisor, BuiltInRoles.Atendente, BuiltInRoles.Support];
        text.Append("| endpoint | permission | audit name | admin | supervisor | atendente | support | platform |\n");
        text.Append("|---|---|---|---|---|---|---|---|\n");
        foreach (RouteEndpoint endpoint in endpoints.OrderBy(RouteOf, StringComparer.Ordinal)
            .ThenBy(Name, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<EndpointAccess>() is not { } access) continue;
            IEnumerable<string> cells = roles.Select(role => Cell(
                access.Permission == Permissions.OwnAccount
                || BuiltInRoles.PermissionsOf(role).Contains(access.Permission)));
            bool ofPlatform = access.Permission == Permissions.OwnAccount
                || Permissions.OfPlatform.Contains(access.Permission);
            text.Append(Invariant, $"| `{Name(endpoint)}` | `{access.Permission}` | `{access.Audit}` | ");
            text.Append(string.Join(" | ", cells.Append(Cell(ofPlatform)))).Append(" |\n");
        }

        text.Append("\nOpen to all:\n\n");
        foreach (string name in endpoints.Where(e => e.Metadata.GetMetadata<OpenToAll>() is not null)
            .Select(Name).Order(StringComparer.Ordinal))
        {
            text.Append(Invariant, $"* `{name}`\n");
        }

        return text.ToString();
    }

    private static string Cell(bool may) => may ? "yes" : "";

    [GeneratedRegex(@"^[a-z-]+\.[a-z-]+$")]
    private static partial Regex AuditName();
}
