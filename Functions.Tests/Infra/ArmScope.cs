using System.Text.Json.Nodes;

namespace Vellarys.Tests.Infra;

/// <summary>One template with the values of its parameters: where expressions are worked out.</summary>
internal sealed class ArmScope
{
    private readonly JsonObject _template;
    private readonly JsonObject _parameters;
    private readonly Dictionary<string, ArmScope> _modules = [];
    private readonly Dictionary<string, JsonNode?> _variables = [];

    public ArmScope(JsonObject template, JsonObject parameters) => (_template, _parameters) = (template, parameters);

    private ArmScope(ArmScope outer)
    {
        (_template, _parameters) = (outer._template, outer._parameters);
        (_modules, _variables) = (outer._modules, outer._variables);
        (Index, Lambda) = (outer.Index, outer.Lambda);
    }

    /// <summary>Which turn of a loop.</summary>
    public int Index { get; private init; }

    private Dictionary<string, JsonNode?> Lambda { get; init; } = [];

    /// <summary>The template's resources by symbol, modules among them, as they are written.</summary>
    public IEnumerable<(string Symbol, JsonObject Resource)> Written => _template["resources"] switch
    {
        JsonObject named => named.Select(r => (r.Key, r.Value!.AsObject())),
        JsonArray list => list.Select((r, i) => ($"{i}", r!.AsObject())),
        _ => [],
    };

    public IEnumerable<string> Outputs => (_template["outputs"] as JsonObject)?.Select(o => o.Key) ?? [];

    public ArmScope At(int index) => new(this) { Index = index };

    public ArmScope With(string variable, JsonNode? value) =>
        new(this) { Lambda = new Dictionary<string, JsonNode?>(Lambda) { [variable] = value } };

    public JsonNode? LambdaVariable(string name) => Lambda[name];

    public JsonNode? Parameter(string name)
    {
        if (_parameters.TryGetPropertyValue(name, out JsonNode? given)) return given;
        JsonObject declared = _template["parameters"]![name]!.AsObject();
        return declared["defaultValue"] is { } value ? Resolve(value) : null;
    }

    public JsonNode? Variable(string name)
    {
        if (!_variables.TryGetValue(name, out JsonNode? value))
            _variables[name] = value = Resolve(_template["variables"]![name]);
        return value;
    }

    /// <summary>Null where the symbol is no module.</summary>
    public ArmScope? Module(string symbol)
    {
        if (_modules.TryGetValue(symbol, out ArmScope? module)) return module;
        (string Symbol, JsonObject Resource) found = Written.SingleOrDefault(r => r.Symbol == symbol);
        if (found.Resource?["properties"] is not JsonObject inner || inner["template"] is not JsonObject template)
            return null;
        JsonObject values = [];
        foreach ((string name, JsonNode? given) in inner["parameters"]!.AsObject())
            values[name] = Resolve(given)!["value"]?.DeepClone();
        return _modules[symbol] = new ArmScope(template, values);
    }

    public JsonNode? Output(string name) => Resolve(_template["outputs"]![name]!["value"]);

    /// <summary>A copy with every expression in it worked out.</summary>
    public JsonNode? Resolve(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject from:
                JsonObject result = [];
                foreach ((string key, JsonNode? value) in from)
                {
                    string name = IsExpression(key) ? ArmExpression.Evaluate(key, this)!.ToString() : key;
                    result[name] = Resolve(value)?.DeepClone();
                }

                return result;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Resolve(item)?.DeepClone())]);
            case JsonValue value when value.TryGetValue(out string? text) && IsExpression(text):
                return ArmExpression.Evaluate(text, this);
            default:
                return node?.DeepClone();
        }
    }

    private static bool IsExpression(string text) =>
        text.Length > 2 && text[0] == '[' && text[1] != '[' && text[^1] == ']';
}
