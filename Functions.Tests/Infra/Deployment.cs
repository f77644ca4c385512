using System.Text.Json.Nodes;

namespace Vellarys.Tests.Infra;

/// <summary>
/// What <c>infra/main.bicep</c> would create with the parameters of <c>infra/main.bicepparam</c>: compiled, then worked
/// out as Azure would, as far as that is possible without it. JSON nodes are no reading for two at once: its tests are
/// one collection.
/// </summary>
internal sealed class Deployment
{
    // One compilation for all: parameters are known to the template only.
    private static readonly Lazy<(JsonObject Template, JsonObject Parameters)> Compiled =
        new(() => Compile(new Dictionary<string, string>()));
    private static readonly Dictionary<string, Deployment> Made = [];
    private readonly ArmScope _main;

    private Deployment(string size, string[] changes)
    {
        JsonObject parameters = Compiled.Value.Parameters.DeepClone().AsObject();
        parameters["size"] = size;
        parameters["environmentName"] = "test";
        foreach (string[] change in changes.Select(c => c.Split('=', 2)))
            parameters[change[0]] = change[1] is "true" or "false" ? change[1] == "true" : change[1];
        Template = Compiled.Value.Template;
        _main = new ArmScope(Template, parameters);
        All = [.. Read(_main)];
    }

    /// <summary>As Bicep wrote it.</summary>
    public JsonObject Template { get; }

    /// <summary>Everything that is created, each turn of a loop by itself; not what its condition leaves out.</summary>
    public IReadOnlyList<ArmResource> All { get; }

    public static IReadOnlyList<string> Sizes { get; } = ["small", "medium", "production"];

    /// <param name="changes">Parameters, as <c>name=value</c>.</param>
    public static Deployment Of(string size, params string[] changes)
    {
        string key = string.Join('\n', [size, .. changes]);
        if (!Made.TryGetValue(key, out Deployment? made)) Made[key] = made = new Deployment(size, changes);
        return made;
    }

    /// <summary>The template, and the values of the parameter file with these variables of azd.</summary>
    public static (JsonObject Template, JsonObject Parameters) Compile(IReadOnlyDictionary<string, string> environment)
    {
        Bicep.Outcome compiled = Bicep.Run(environment, "build-params", "main.bicepparam", "--stdout");
        if (compiled.ExitCode != 0) throw new InvalidOperationException(compiled.Said);
        JsonNode made = JsonNode.Parse(compiled.Output)!;
        JsonObject parameters = [];
        JsonNode given = JsonNode.Parse(made["parametersJson"]!.ToString())!["parameters"]!;
        foreach ((string name, JsonNode? value) in given.AsObject()) parameters[name] = value!["value"]!.DeepClone();
        return (JsonNode.Parse(made["templateJson"]!.ToString())!.AsObject(), parameters);
    }

    public IEnumerable<ArmResource> Where(string type) => All.Where(r => r.Type == type);

    public ArmResource Single(string type) => Where(type).Single();

    /// <summary>What a module is given, or works out for itself.</summary>
    public ArmScope Module(string symbol) =>
        _main.Module(symbol) ?? throw new InvalidOperationException($"no module {symbol}");

    public static JsonObject Size(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Bicep.Folder, "sizes", name + ".json")))!.AsObject();

    private static IEnumerable<ArmResource> Read(ArmScope scope)
    {
        foreach ((string symbol, JsonObject written) in scope.Written)
        {
            if (written["existing"]?.GetValue<bool>() is true) continue;
            if (scope.Resolve(written["condition"])?.GetValue<bool>() is false) continue;
            if (scope.Module(symbol) is { } inner)
            {
                foreach (ArmResource resource in Read(inner)) yield return resource;
                continue;
            }

            JsonObject body = written.DeepClone().AsObject();
            body.Remove("copy");
            long count = scope.Resolve(written["copy"]?["count"])?.GetValue<long>() ?? 1;
            for (int i = 0; i < count; i++) yield return new(symbol, scope.At(i).Resolve(body)!.AsObject());
        }
    }
}

/// <summary>One resource.</summary>
/// <param name="Symbol">What its module calls it.</param>
internal sealed record ArmResource(string Symbol, JsonObject Json)
{
    public string Type => Json["type"]!.ToString();

    public string Name => Json["name"]!.ToString();

    /// <summary>By the path of its names, with dots.</summary>
    public JsonNode? this[string path] => path.Split('.').Aggregate((JsonNode?)Json, (at, name) => at?[name]);

    public override string ToString() => $"{Type} {Name}";
}
