using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>Who may do what: the whole list, so that a new right is a new line here, with what uses it.</summary>
[Collection(nameof(Deployment))]
public sealed class RoleTests
{
    private const string BlobOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string QueueContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string TableContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string ServiceBusOwner = "090c5cfd-751d-490a-894a-3ce6f1109419";
    private const string OpenAiUser = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd";
    private const string SecretsUser = "4633458b-17de-408a-874b-0445c86b69e6";
    private const string SecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";

    // Each with the setting through which the app uses it.
    private static readonly (string Scope, string Role, string Setting)[] OfTheApp =
    [
        ("Microsoft.Storage/storageAccounts", BlobOwner, "AzureWebJobsStorage__blobServiceUri"),
        ("Microsoft.Storage/storageAccounts", QueueContributor, "AzureWebJobsStorage__queueServiceUri"),
        ("Microsoft.Storage/storageAccounts", TableContributor, "AzureWebJobsStorage__tableServiceUri"),
        ("Microsoft.ServiceBus/namespaces", ServiceBusOwner, "ServiceBus__fullyQualifiedNamespace"),
        ("Microsoft.CognitiveServices/accounts", OpenAiUser, "AZURE_OPENAI_ENDPOINT"),
        ("Microsoft.KeyVault/vaults", SecretsUser, "VELLARYS_API_KEY"),
        ("Microsoft.Insights/components", MetricsPublisher, "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"),
    ];

    private static readonly (string Scope, string Role)[] OfTheDeployer =
        [("Microsoft.KeyVault/vaults", SecretsOfficer)];

    private static readonly (string Scope, string Role)[] OfTheDeployerWhoTests =
    [
        ("Microsoft.CognitiveServices/accounts", OpenAiUser), ("Microsoft.KeyVault/vaults", SecretsOfficer),
        ("Microsoft.ServiceBus/namespaces", ServiceBusOwner),
    ];

    [Theory]
    [MemberData(nameof(TemplateTests.Deployments), MemberType = typeof(TemplateTests))]
    public void Roles_OfTheApp_AreThoseThatItsSettingsUse(string size, string network)
    {
        Deployment deployment = Deployment.Of(size, network);
        Dictionary<string, string> settings = SettingTests.Settings(deployment);

        Assert.All(OfTheApp, r => Assert.True(settings.ContainsKey(r.Setting), r.Setting));
        Assert.Equal(OfTheApp.Select(r => (r.Scope, r.Role)).Order(), Given(deployment, "appOn"));
    }

    [Fact]
    public void Roles_OfWhoeverDeploys_AreForSecretsOnly()
    {
        Assert.Equal(OfTheDeployer.Order(), Given(Deployment.Of("production"), "deployerOn"));
        Assert.Equal(
            OfTheDeployerWhoTests.Order(), Given(Deployment.Of("small", "deployerTests=true"), "deployerOn"));
    }

    [Fact]
    public void Roles_Each_HasANameOfItsOwnAndAKindOfPrincipal()
    {
        ArmResource[] roles =
            [.. Deployment.Of("small", "deployerTests=true").Where("Microsoft.Authorization/roleAssignments")];
        Assert.Equal(OfTheApp.Length + OfTheDeployerWhoTests.Length, roles.Length);
        Assert.Equal(roles.Length, roles.Select(r => (r.Name, r["scope"]!.ToString())).Distinct().Count());
        Assert.All(roles, r => Assert.Contains(
            r["properties.principalType"]!.ToString(), (string[])["ServicePrincipal", "User"]));
    }

    // Redis and PostgreSQL have lists of their own.
    [Fact]
    public void Redis_Users_AreTheAppAndWhoTests()
    {
        const string users = "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments";
        Assert.Single(Deployment.Of("production").Where(users));
        Assert.Equal(2, Deployment.Of("small", "deployerTests=true").Where(users).Count());
        Assert.All(Deployment.Of("production").Where(users), u => Assert.NotNull(u["properties.user.objectId"]));
    }

    [Fact]
    public void Database_Administrator_IsWhoeverDeploysOrTheirGroup()
    {
        const string administrators = "Microsoft.DBforPostgreSQL/flexibleServers/administrators";
        Assert.Equal(
            "User", Deployment.Of("small").Single(administrators)["properties.principalType"]!.ToString());
        ArmResource group = Deployment
            .Of("small", "databaseGroupId=8d2f1c1e-0000-4000-8000-000000000001", "databaseGroupName=operators")
            .Single(administrators);
        Assert.Equal(
            ("Group", "operators"),
            (group["properties.principalType"]!.ToString(), group["properties.principalName"]!.ToString()));
    }

    private static IOrderedEnumerable<(string Scope, string Role)> Given(Deployment deployment, string symbol) =>
        (from found in deployment.Module("rbac").Written
         where found.Symbol.StartsWith(symbol, StringComparison.Ordinal)
         from role in deployment.Where("Microsoft.Authorization/roleAssignments")
         where role.Symbol == found.Symbol
         select (Type(role["scope"]!.ToString()), role["properties.roleDefinitionId"]!.ToString().Split('/')[^1]))
        .Order();

    private static string Type(string id) => string.Join('/', id.Split('/')[..2]);
}
