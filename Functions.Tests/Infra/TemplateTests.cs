using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>The templates compile without a word, and say what they are for.</summary>
[Collection(nameof(Deployment))]
public sealed partial class TemplateTests
{
    public static TheoryData<string, string> Deployments
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string size in Deployment.Sizes)
                foreach (string isPrivate in (string[])["false", "true"]) all.Add(size, $"privateNetwork={isPrivate}");
            return all;
        }
    }

    [Theory]
    [InlineData("build", "main.bicep", "--stdout")]
    [InlineData("lint", "main.bicep")]
    [InlineData("lint", "main.bicepparam")]
    public void Compiler_OnEverything_SaysNothing(params string[] arguments)
    {
        Bicep.Outcome outcome = Bicep.Run(arguments);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Said));
    }

    [Fact]
    public void ParameterFile_Variables_ReachTheirParameters()
    {
        SourceFile file = Sources.All.Single(f => f.Path == "infra/main.bicepparam");
        string[] names = [.. Variable().Matches(file.Text).Select(m => m.Groups["name"].Value)];
        Dictionary<string, string> environment = names.ToDictionary(
            name => name, name => name switch
            {
                "VELLARYS_SIZE" => "production",
                "AZURE_PRINCIPAL_TYPE" => "ServicePrincipal",
                "MODEL_SKU" => "Standard",
                _ when file.Text.Contains($"bool(readEnvironmentVariable('{name}'", StringComparison.Ordinal) => "true",
                _ => "from-" + name,
            });

        string given = Deployment.Compile(environment).Parameters.ToJsonString();

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(environment.Values, value => Assert.Contains(value, given, StringComparison.Ordinal));
        Assert.DoesNotContain("false", given, StringComparison.Ordinal);
        Assert.DoesNotContain("\"\"", given, StringComparison.Ordinal);
    }

    // What no template uses, the compiler never saw.
    [Fact]
    public void Modules_Each_IsUsed()
    {
        SourceFile[] templates = [.. Templates()];
        Rule.Holds(
            from template in templates
            where template.Path != "infra/main.bicep"
            let name = Path.GetFileName(template.Path)
            where !templates.Any(t => t.Text.Contains($"{name}'", StringComparison.Ordinal))
            select $"{template} is used by no other");
    }

    [Fact]
    public void Modules_None_ComesFromARegistry() => Rule.Holds(
        from template in Templates()
        where template.Text.Contains("'br:", StringComparison.Ordinal)
            || template.Text.Contains("'br/", StringComparison.Ordinal)
            || template.Text.Contains("'ts:", StringComparison.Ordinal)
        select $"{template}");

    [Fact]
    public void Templates_Each_SaysWhatItIsFor() => Rule.Holds(
        from template in Templates()
        where !template.Lines[0].StartsWith("metadata description = '", StringComparison.Ordinal)
        select $"{template}");

    [Fact]
    public void Parameters_Each_IsDescribed() => Rule.Holds(
        from found in Nested("main", Deployment.Of("small").Template)
        from parameter in found.Template["parameters"]?.AsObject() ?? []
        where parameter.Value!["metadata"]?["description"] is null
        select $"{found.Name}: {parameter.Key}");

    [Fact]
    public void Parameters_Secret_HaveNoDefaultAndComeFromNoFile()
    {
        string given = File.ReadAllText(Path.Combine(Bicep.Folder, "main.bicepparam"));
        Assert.DoesNotContain("param apiKey", given, StringComparison.Ordinal);
        JsonObject main = Deployment.Of("small").Template;
        Assert.All((string[])["apiKey", "alertWebhook"], name =>
            Assert.Equal("securestring", main["parameters"]![name]!["type"]!.ToString()));
    }

    [Fact]
    public void Outputs_Each_IsReadAndHoldsNoSecret()
    {
        string readers = string.Concat(Sources.All
            .Where(f => f.Path.StartsWith("infra/scripts/", StringComparison.Ordinal)
                || f.Path is "docs/azure.md" or "scripts/azure-check.sh")
            .Select(f => f.Text));
        JsonObject outputs = Deployment.Of("small").Template["outputs"]!.AsObject();
        Rule.Holds(
            from output in outputs
            where !Regex.IsMatch(readers, $@"\b{output.Key}\b") || Secret().IsMatch(output.Value!.ToJsonString())
            select output.Key);
    }

    [Theory]
    [MemberData(nameof(Deployments))]
    public void Deployment_EachSizeAndNetwork_CanBeWorkedOut(string size, string network)
    {
        Deployment deployment = Deployment.Of(size, network);
        Assert.All(deployment.All, r => Assert.DoesNotContain("[", r.Name, StringComparison.Ordinal));
        Assert.Equal(deployment.All.Count, deployment.All.Select(r => r.ToString()).Distinct().Count());
        Assert.Equal(network.EndsWith("true", StringComparison.Ordinal) ? 8 : 0,
            deployment.Where("Microsoft.Network/privateEndpoints").Count());
    }

    [Fact]
    public void Deployment_EachResource_BearsTheEnvironmentsName() => Rule.Holds(
        from resource in Deployment.Of("production", "privateNetwork=true").All
        where resource.Json["location"] is not null && resource["tags.azd-env-name"]?.ToString() != "test"
        select $"{resource}");

    [Fact]
    public void Deployment_App_IsTheServiceOfAzureYaml()
    {
        string service = Deployment.Of("small").Single("Microsoft.Web/sites")["tags.azd-service-name"]!.ToString();
        string yaml = File.ReadAllText(Path.Combine(Sources.Root, "azure.yaml"));
        Assert.Contains($"\nservices:\n  {service}:\n", yaml, StringComparison.Ordinal);
    }

    private static IEnumerable<SourceFile> Templates() =>
        Sources.All.Where(f => f.Path.EndsWith(".bicep", StringComparison.Ordinal));

    private static IEnumerable<(string Name, JsonObject Template)> Nested(string name, JsonObject template) =>
        new ArmScope(template, []).Written
            .Select(r => (r.Symbol, Template: (r.Resource["properties"] as JsonObject)?["template"] as JsonObject))
            .Where(r => r.Template is not null)
            .SelectMany(r => Nested(r.Symbol, r.Template!))
            .Prepend((name, template));

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'")]
    private static partial Regex Variable();

    [GeneratedRegex("key'|listKeys|password|securestring", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();
}
