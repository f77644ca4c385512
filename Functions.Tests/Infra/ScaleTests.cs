using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Vellarys.Functions;
using Vellarys.Functions.Redis;
using Vellarys.Storage;
using Vellarys.Tests.Functions;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>However far the platform scales out, the database takes the connections of all instances.</summary>
[Collection(nameof(Deployment))]
public sealed class ScaleTests
{
    public static TheoryData<string> Sizes => [.. Deployment.Sizes];

    // The platform's rule: HTTP together, Durable together, every other function by itself; a timer runs once.
    private static int ScaleGroups => 2 + Triggers.By<ServiceBusTriggerAttribute>(t => t.QueueName!).Count;

    private static int Timers => Triggers.By<TimerTriggerAttribute>(t => t.Schedule).Count;

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Instances_AtMost_AreThoseThatTheDatabaseIsToldOf(string size)
    {
        Deployment deployment = Deployment.Of(size);
        int perGroup = Scale(deployment)["maximumInstanceCount"]!.GetValue<int>();

        Assert.Equal((ScaleGroups * perGroup) + Timers, Number(deployment, "Database__Instances"));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Connections_OfAllInstances_FitIntoPgBouncerAndItsIntoTheServer(string size)
    {
        Deployment deployment = Deployment.Of(size);
        StorageOptions options = new()
        {
            Instances = Number(deployment, "Database__Instances"),
            ConnectionBudget = Number(deployment, "Database__ConnectionBudget"),
        };
        JsonNode database = Deployment.Size(size)["database"]!;

        Assert.True(options.Capacity >= 10, $"an instance has {options.Capacity}");
        Assert.True(options.Capacity * options.Instances <= Parameter(deployment, "pgbouncer.max_client_conn"));
        // Two pools (the app's, an operator's) and some who come past it.
        int server = database["maxUserConnections"]!.GetValue<int>();
        Assert.True((2 * Parameter(deployment, "pgbouncer.default_pool_size")) + 20 <= server);
        Assert.Equal(UserConnections(database["skuName"]!.ToString()), server);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void PgBouncer_EachSize_IsOnWhichBurstableServersDoNotHave(string size)
    {
        Deployment deployment = Deployment.Of(size);
        const string settings = "Microsoft.DBforPostgreSQL/flexibleServers/configurations";
        Assert.Equal("true", Value(deployment.Where(settings).Single(s => IsNamed(s, "pgbouncer.enabled"))));
        Assert.Equal("transaction", Value(deployment.Where(settings).Single(s => IsNamed(s, "pgbouncer.pool_mode"))));
        Assert.NotEqual(
            "Burstable",
            deployment.Single("Microsoft.DBforPostgreSQL/flexibleServers")["sku.tier"]!.ToString());
    }

    // Without Redis each instance keeps to its part of every limit: of those that can send at once, not of all.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Limits_WithoutRedis_AreSharedByTheInstancesThatSend(string size)
    {
        Deployment deployment = Deployment.Of(size);
        int perGroup = Scale(deployment)["maximumInstanceCount"]!.GetValue<int>();
        Assert.Equal(2 * perGroup, Number(deployment, "Redis__Instances"));
        Assert.InRange(Number(deployment, "Redis__Instances"), new RedisOptions().Instances, 1_000);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Model_Quota_IsThatOfItsDeployment(string size)
    {
        Deployment deployment = Deployment.Of(size);
        int thousands = deployment.Where("Microsoft.CognitiveServices/accounts/deployments")
            .Single(d => d.Name.EndsWith("gpt-4.1-mini", StringComparison.Ordinal))["sku.capacity"]!.GetValue<int>();
        Assert.Equal(thousands * 1_000, Number(deployment, "Limits__ModelTokensPerMinute"));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AlwaysReady_Groups_AreFunctionsOfTheApp(string size) => Assert.All(
        Scale(Deployment.Of(size))["alwaysReady"]!.AsArray().Select(g => g!["name"]!.ToString()),
        name => Assert.True(
            name is "http" or "durable"
            || (name.StartsWith("function:", StringComparison.Ordinal) && Triggers.All.ContainsKey(name[9..])), name));

    [Fact]
    public void Runtime_OfTheApp_IsTheOneThatItIsBuiltFor()
    {
        ArmResource app = Deployment.Of("small").Single("Microsoft.Web/sites");
        JsonNode runtime = app["properties.functionAppConfig.runtime"]!;
        Assert.Equal("dotnet-isolated", runtime["name"]!.ToString());
        Assert.Equal($"{Environment.Version.Major}.0", runtime["version"]!.ToString());
    }

    [Fact]
    public void Database_Extensions_AreThoseOfTheMigrations()
    {
        string allowed = Value(Deployment.Of("small")
            .Where("Microsoft.DBforPostgreSQL/flexibleServers/configurations")
            .Single(s => IsNamed(s, "azure.extensions"))).ToLowerInvariant();
        IEnumerable<string> used =
            from file in Architecture.Sources.All
            where file.Path.StartsWith("Engine/Storage/Migrations/", StringComparison.Ordinal)
            from line in file.Lines
            where line.StartsWith("create extension if not exists ", StringComparison.Ordinal)
            select line.Split(' ')[5].TrimEnd(';');
        Assert.Equal(["btree_gin", "pg_trgm"], used.Except(["vector"]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(used.Append("vector"), e => Assert.Contains(e, allowed.Split(',')));
    }

    private static JsonNode Scale(Deployment deployment) =>
        deployment.Single("Microsoft.Web/sites")["properties.functionAppConfig.scaleAndConcurrency"]!;

    private static int Number(Deployment deployment, string setting) =>
        int.Parse(SettingTests.Settings(deployment)[setting], null);

    private static int Parameter(Deployment deployment, string name) => int.Parse(
        Value(deployment.Where("Microsoft.DBforPostgreSQL/flexibleServers/configurations")
            .Single(s => IsNamed(s, name))), null);

    private static bool IsNamed(ArmResource setting, string name) =>
        setting.Name.EndsWith('/' + name, StringComparison.Ordinal);

    private static string Value(ArmResource setting) => setting["properties.value"]!.ToString();

    // Azure's own table of limits, less the 15 that it keeps.
    private static int UserConnections(string sku) => sku switch
    {
        "Standard_D2ds_v5" => 844,
        "Standard_D4ds_v5" => 1_703,
        "Standard_D8ds_v5" => 3_422,
        _ => throw new InvalidOperationException($"look {sku} up"),
    };
}
