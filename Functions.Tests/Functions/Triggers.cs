using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Vellarys.Functions;

namespace Vellarys.Tests.Functions;

/// <summary>What the host would index.</summary>
internal static class Triggers
{
    /// <summary>Every function of the app by its name, with its method.</summary>
    public static IReadOnlyDictionary<string, MethodInfo> All { get; } = typeof(Composition).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods())
        .Select(m => (Method: m, Function: m.GetCustomAttribute<FunctionAttribute>()))
        .Where(f => f.Function is not null)
        .ToDictionary(f => f.Function!.Name, f => f.Method);

    /// <summary>The functions with such a trigger, by what <paramref name="key"/> reads off it.</summary>
    public static Dictionary<string, MethodInfo> By<TTrigger>(Func<TTrigger, string> key)
        where TTrigger : Attribute =>
            (from method in All.Values
             from parameter in method.GetParameters()
             let trigger = parameter.GetCustomAttribute<TTrigger>()
             where trigger is not null
             select (key(trigger), method)).ToDictionary(p => p.Item1, p => p.method);
}
