using System.Reflection;
using System.Text.RegularExpressions;

namespace Vellarys.Tests.Support;

/// <summary>Every regular expression of the product's assemblies, with the member that holds it.</summary>
internal static class ProductPatterns
{
    private const BindingFlags Any =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<(string Name, Regex Pattern)> All { get; } =
    [
        .. from assembly in new[]
            {
                typeof(Patterns).Assembly, typeof(Vellarys.Standalone.UsageError).Assembly,
                typeof(Vellarys.Functions.Composition).Assembly,
            }
            from type in assembly.GetTypes()
            where type.Namespace?.StartsWith("Vellarys", StringComparison.Ordinal) is true
            from found in Methods(type).Concat(Fields(type))
            select found,
    ];

    private static IEnumerable<(string Name, Regex Pattern)> Methods(Type type) =>
        from method in type.GetMethods(Any)
        where method.ReturnType == typeof(Regex) && method.GetParameters().Length == 0 && !method.IsSpecialName
        select ($"{type.Name}.{method.Name}", (Regex)method.Invoke(null, null)!);

    private static IEnumerable<(string Name, Regex Pattern)> Fields(Type type) =>
        from field in type.GetFields(Any)
        where typeof(Regex).IsAssignableFrom(field.FieldType)
            || typeof(IEnumerable<Regex>).IsAssignableFrom(field.FieldType)
        from pattern in field.GetValue(null) is Regex one ? [one] : (IEnumerable<Regex>)field.GetValue(null)!
        select ($"{type.Name}.{field.Name}", pattern);
}
