using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Vellarys.Tests.Infra;

/// <summary>
/// The expressions of ARM JSON, as far as the templates here use them. What only Azure knows (an address, a generated
/// id) is the text <see cref="Unknown"/>, and so is everything that is asked of it.
/// </summary>
internal sealed class ArmExpression
{
    public const string Unknown = "unknown";

    private readonly string _text;
    private int _at;

    private ArmExpression(string text) => _text = text;

    private delegate JsonNode? Term(ArmScope scope);

    public static JsonNode? Evaluate(string text, ArmScope scope)
    {
        ArmExpression reader = new(text[1..^1]);
        Term term = reader.Whole();
        return reader._at == reader._text.Length
            ? term(scope)
            : throw new FormatException($"{text}: not understood from {reader._at} on");
    }

    private Term Whole()
    {
        Term term = First();
        while (_at < _text.Length)
        {
            if (Skips('.'))
            {
                string name = Word();
                Term from = term;
                term = scope => Member(from(scope), name);
            }
            else if (Skips('['))
            {
                Term key = Whole();
                Require(']');
                Term from = term;
                term = scope => Member(from(scope), key(scope)!.ToString());
            }
            else
            {
                break;
            }
        }

        return term;
    }

    private Term First()
    {
        if (_text[_at] == '\'') return Text();
        if (char.IsDigit(_text[_at]) || _text[_at] == '-') return Number();
        string name = Word();
        Require('(');
        List<Term> arguments = [];
        while (!Skips(')'))
        {
            arguments.Add(Whole());
            Skips(',');
            while (Skips(' '))
            {
                // Between arguments.
            }
        }

        return scope => Call(name, arguments, scope);
    }

    private Term Text()
    {
        StringBuilder text = new();
        for (_at++; ; _at++)
        {
            if (_text[_at] != '\'') text.Append(_text[_at]);
            else if (_at + 1 < _text.Length && _text[_at + 1] == '\'') text.Append(_text[_at++]);
            else break;
        }

        _at++;
        return _ => JsonValue.Create(text.ToString());
    }

    private Term Number()
    {
        int start = _at++;
        while (_at < _text.Length && char.IsDigit(_text[_at])) _at++;
        long number = long.Parse(_text.AsSpan(start, _at - start), CultureInfo.InvariantCulture);
        return _ => JsonValue.Create(number);
    }

    private string Word()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$' or '#')) _at++;
        return _text[start.._at];
    }

    private bool Skips(char c)
    {
        if (_at >= _text.Length || _text[_at] != c) return false;
        _at++;
        return true;
    }

    private void Require(char c)
    {
        if (!Skips(c)) throw new FormatException($"{_text}: no {c} at {_at}");
    }

    private static JsonNode? Member(JsonNode? from, string key) => from switch
    {
        JsonObject of => of.TryGetPropertyValue(key, out JsonNode? value)
            ? value
            : throw new FormatException($"no member {key} in {of.ToJsonString()}"),
        JsonArray list => list[int.Parse(key, CultureInfo.InvariantCulture)],
        _ => JsonValue.Create(Unknown),
    };

    private static JsonNode? Call(string name, List<Term> arguments, ArmScope scope)
    {
        JsonNode? At(int i) => arguments[i](scope);
        long Figure(int i) => At(i)!.GetValue<long>();
        bool Is(int i) => At(i)!.GetValue<bool>();
        switch (name)
        {
            case "parameters": return scope.Parameter(At(0)!.ToString());
            case "variables": return scope.Variable(At(0)!.ToString());
            case "lambdaVariables": return scope.LambdaVariable(At(0)!.ToString());
            case "copyIndex": return JsonValue.Create((long)scope.Index);
            case "reference": return Reference(At(0)!.ToString(), scope);
            case "deployer":
                return new JsonObject { ["objectId"] = "whoever-deploys", ["userPrincipalName"] = "someone" };
            case "null": return null;
            case "true": return JsonValue.Create(true);
            case "false": return JsonValue.Create(false);
            case "if": return Is(0) ? At(1) : At(2);
            case "not": return JsonValue.Create(!Is(0));
            case "equals": return JsonValue.Create(JsonNode.DeepEquals(At(0), At(1)));
            case "empty": return JsonValue.Create(Count(At(0)) == 0);
            case "length": return JsonValue.Create((long)Count(At(0)));
            case "add": return JsonValue.Create(Figure(0) + Figure(1));
            case "mul": return JsonValue.Create(Figure(0) * Figure(1));
            case "div": return JsonValue.Create(Figure(0) / Figure(1));
            case "string": return JsonValue.Create(At(0)!.ToString());
            case "toLower": return JsonValue.Create(At(0)!.ToString().ToLowerInvariant());
            case "replace":
                return JsonValue.Create(At(0)!.ToString()
                    .Replace(At(1)!.ToString(), At(2)!.ToString(), StringComparison.Ordinal));
            case "format":
                return JsonValue.Create(string.Format(
                    CultureInfo.InvariantCulture, At(0)!.ToString(),
                    [.. Enumerable.Range(1, arguments.Count - 1).Select(i => At(i)?.ToString())]));
            case "coalesce":
                return Enumerable.Range(0, arguments.Count).Select(At).FirstOrDefault(value => value is not null);
            case "tryGet":
                return At(0) is { } of ? Member(of, At(1)!.ToString()) : null;
            case "createArray":
                return new JsonArray([.. Enumerable.Range(0, arguments.Count).Select(i => At(i)?.DeepClone())]);
            case "createObject":
                return new JsonObject(Enumerable.Range(0, arguments.Count / 2).Select(i =>
                    KeyValuePair.Create(At(2 * i)!.ToString(), At((2 * i) + 1)?.DeepClone())));
            case "union": return Union(Enumerable.Range(0, arguments.Count).Select(i => At(i)!.AsObject()));
            case "lambda": return arguments[1](scope.With(At(0)!.ToString(), scope.LambdaVariable("")));
            case "map": return Map(At(0)!.AsArray(), arguments[1], scope);
            case "toObject": return ToObject(At(0)!.AsArray(), arguments[1], arguments[2], scope);
            case "mapValues": return MapValues(At(0)!.AsObject(), arguments[1], scope);
            // Told apart by what they are made of.
            case "guid" or "resourceId" or "subscriptionResourceId" or "extensionResourceId":
                return JsonValue.Create(string.Join(
                    '/', Enumerable.Range(0, arguments.Count).Select(i => At(i)!.ToString())));
            default: return JsonValue.Create(Unknown);
        }
    }

    // A module's outputs are known here; of a resource only Azure knows more.
    private static JsonNode? Reference(string symbol, ArmScope scope)
    {
        if (scope.Module(symbol) is not { } module) return JsonValue.Create(Unknown);
        JsonObject outputs = [];
        foreach (string output in module.Outputs)
            outputs[output] = new JsonObject { ["value"] = module.Output(output)?.DeepClone() };
        return new JsonObject { ["outputs"] = outputs };
    }

    private static JsonArray Map(JsonArray from, Term lambda, ArmScope scope) =>
        new([.. from.Select(item => lambda(scope.With("", item))?.DeepClone())]);

    private static JsonObject ToObject(JsonArray from, Term key, Term value, ArmScope scope) => new(
        from.Select(item => scope.With("", item)).Select(inner =>
            KeyValuePair.Create(key(inner)!.ToString(), value(inner)?.DeepClone())));

    private static JsonObject MapValues(JsonObject from, Term lambda, ArmScope scope) => new(
        from.Select(item => KeyValuePair.Create(item.Key, lambda(scope.With("", item.Value))?.DeepClone())));

    private static JsonObject Union(IEnumerable<JsonObject> parts)
    {
        JsonObject result = [];
        foreach ((string key, JsonNode? value) in parts.SelectMany(part => part)) result[key] = value?.DeepClone();
        return result;
    }

    private static int Count(JsonNode? node) => node switch
    {
        null => 0,
        JsonObject of => of.Count,
        JsonArray list => list.Count,
        _ => node.ToString().Length,
    };
}
