using System.Text.Json.Nodes;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>Identities only: no key, no password, no old TLS, and nothing open that need not be.</summary>
[Collection(nameof(Deployment))]
public sealed class LockTests
{
    // A resource type, where its switch is, and how it must stand.
    private static readonly (string Type, string Path, string Value)[] Locks =
    [
        ("Microsoft.ServiceBus/namespaces", "properties.disableLocalAuth", "true"),
        ("Microsoft.ServiceBus/namespaces", "properties.minimumTlsVersion", "1.2"),
        ("Microsoft.Storage/storageAccounts", "properties.allowSharedKeyAccess", "false"),
        ("Microsoft.Storage/storageAccounts", "properties.allowBlobPublicAccess", "false"),
        ("Microsoft.Storage/storageAccounts", "properties.minimumTlsVersion", "TLS1_2"),
        ("Microsoft.Storage/storageAccounts", "properties.supportsHttpsTrafficOnly", "true"),
        ("Microsoft.CognitiveServices/accounts", "properties.disableLocalAuth", "true"),
        ("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", "true"),
        ("Microsoft.Insights/components", "properties.DisableLocalAuth", "true"),
        ("Microsoft.DBforPostgreSQL/flexibleServers", "properties.authConfig.passwordAuth", "Disabled"),
        ("Microsoft.DBforPostgreSQL/flexibleServers", "properties.authConfig.activeDirectoryAuth", "Enabled"),
        ("Microsoft.Cache/redisEnterprise", "properties.minimumTlsVersion", "1.2"),
        ("Microsoft.Cache/redisEnterprise/databases", "properties.accessKeysAuthentication", "Disabled"),
        ("Microsoft.Cache/redisEnterprise/databases", "properties.clientProtocol", "Encrypted"),
        ("Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization", "true"),
        ("Microsoft.KeyVault/vaults", "properties.enableSoftDelete", "true"),
        ("Microsoft.Web/sites", "properties.httpsOnly", "true"),
        ("Microsoft.Web/sites", "properties.siteConfig.minTlsVersion", "1.2"),
        ("Microsoft.Web/sites", "properties.siteConfig.scmMinTlsVersion", "1.2"),
        ("Microsoft.Web/sites", "properties.siteConfig.ftpsState", "Disabled"),
        ("Microsoft.Web/sites/basicPublishingCredentialsPolicies", "properties.allow", "false"),
    ];

    // What a virtual network closes. The app itself takes webhooks from everywhere.
    private static readonly (string Type, string Path)[] Doors =
    [
        ("Microsoft.ServiceBus/namespaces", "properties.publicNetworkAccess"),
        ("Microsoft.Storage/storageAccounts", "properties.publicNetworkAccess"),
        ("Microsoft.CognitiveServices/accounts", "properties.publicNetworkAccess"),
        ("Microsoft.DBforPostgreSQL/flexibleServers", "properties.network.publicNetworkAccess"),
        ("Microsoft.Cache/redisEnterprise", "properties.publicNetworkAccess"),
        ("Microsoft.KeyVault/vaults", "properties.publicNetworkAccess"),
    ];

    [Theory]
    [MemberData(nameof(TemplateTests.Deployments), MemberType = typeof(TemplateTests))]
    public void Locks_Each_IsShut(string size, string network)
    {
        Deployment deployment = Deployment.Of(size, network);
        Assert.All(Locks, l => Assert.NotEmpty(deployment.Where(l.Type)));
        Assert.All(Locks, l => Assert.All(
            deployment.Where(l.Type), r => Assert.Equal((r.Name, l.Path, l.Value), (r.Name, l.Path, Text(r, l.Path)))));
    }

    [Theory]
    [InlineData("false", "Enabled")]
    [InlineData("true", "Disabled")]
    public void Doors_WithAVirtualNetwork_AreShut(string isPrivate, string expected)
    {
        Deployment deployment = Deployment.Of("small", $"privateNetwork={isPrivate}");
        Assert.All(Doors, d => Assert.Equal(expected, Text(deployment.Single(d.Type), d.Path)));
        Assert.Equal("Enabled", Text(deployment.Single("Microsoft.Web/sites"), "properties.publicNetworkAccess"));
        Assert.Equal(
            expected == "Enabled" ? "Standard" : "Premium",
            Text(deployment.Single("Microsoft.ServiceBus/namespaces"), "sku.name"));
    }

    [Fact]
    public void Database_Open_LetsInAzureAndTheOperatorOnly()
    {
        const string rules = "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules";
        Assert.Equal(["0.0.0.0", "0.0.0.0"], Addresses(Deployment.Of("small").Where(rules)));
        Assert.Equal(
            ["0.0.0.0", "198.51.100.7"],
            Addresses(Deployment.Of("small", "operatorAddress=198.51.100.7").Where(rules)));
        Assert.Empty(Deployment.Of("small", "privateNetwork=true").Where(rules));
    }

    [Fact]
    public void PrivateNetwork_App_IsInItsSubnetAndNamesLeadInside()
    {
        Deployment deployment = Deployment.Of("small", "privateNetwork=true");
        Assert.NotNull(deployment.Single("Microsoft.Web/sites")["properties.virtualNetworkSubnetId"]);
        JsonNode subnet = deployment.Single("Microsoft.Network/virtualNetworks")["properties.subnets"]![0]!;
        Assert.Equal(
            "Microsoft.App/environments",
            subnet["properties"]!["delegations"]![0]!["properties"]!["serviceName"]!.ToString());
        Assert.Equal(8, deployment.Where("Microsoft.Network/privateDnsZones").Count());
        Assert.Equal(8, deployment.Where("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        Assert.Null(Deployment.Of("small").Single("Microsoft.Web/sites")["properties.virtualNetworkSubnetId"]);
    }

    [Fact]
    public void Vault_Key_IsMadeOnceAndPurgeIsProductionsAffair()
    {
        const string secrets = "Microsoft.KeyVault/vaults/secrets";
        Assert.Single(Deployment.Of("small").Where(secrets));
        Assert.Empty(Deployment.Of("small", "createApiKey=false").Where(secrets));
        Assert.Null(Deployment.Of("small").Single("Microsoft.KeyVault/vaults")["properties.enablePurgeProtection"]);
        Assert.Equal("true", Text(
            Deployment.Of("production").Single("Microsoft.KeyVault/vaults"), "properties.enablePurgeProtection"));
    }

    private static string Text(ArmResource resource, string path) => resource[path]?.ToString() ?? "missing";

    private static IEnumerable<string> Addresses(IEnumerable<ArmResource> rules) =>
        rules.Select(r => (From: Text(r, "properties.startIpAddress"), To: Text(r, "properties.endIpAddress")))
            .Select(r => r.From == r.To ? r.From : $"{r.From}-{r.To}");
}
