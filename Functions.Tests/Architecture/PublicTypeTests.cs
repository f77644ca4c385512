using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// <c>internal</c> by default: a type of the engine is public because a host names it, or because it stands in the
/// signature of one that is. Tests and benchmarks see what is internal.
/// </summary>
public sealed partial class PublicTypeTests
{
    private static readonly Assembly Engine = typeof(EngineSql).Assembly;

    [Fact]
    public void PublicType_OfTheEngine_IsNamedByAHostOrShownToIt()
    {
        HashSet<string> words =
        [
            .. Sources.CSharp("Standalone", "Functions", "Benchmarks")
                .SelectMany(f => Word().Matches(Sources.WithoutComments(f.Text))).Select(m => m.Value),
        ];
        Type[] all = Engine.GetExportedTypes();
        HashSet<Type> shown = Shown(
            all.Where(t => words.Contains(NameOf(t)) || Extensions(t).Any(words.Contains)));
        Rule.Holds(all.Where(t => !t.IsNested && !shown.Contains(t)).Select(t => $"{t.FullName} may be internal"));
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static IEnumerable<string> Extensions(Type type) =>
        type.GetMethods().Where(m => m.IsDefined(typeof(ExtensionAttribute), false)).Select(m => m.Name);

    /// <summary>The types of the engine that these show, themselves included.</summary>
    private static HashSet<Type> Shown(IEnumerable<Type> named)
    {
        HashSet<Type> shown = [];
        var open = new Stack<Type>(named);
        while (open.TryPop(out Type? type))
        {
            if (type.HasElementType) open.Push(type.GetElementType()!);
            if (type.IsConstructedGenericType)
            {
                foreach (Type argument in type.GetGenericArguments()) open.Push(argument);
                open.Push(type.GetGenericTypeDefinition());
            }
            else if (type.Assembly == Engine && !type.IsGenericParameter && shown.Add(type))
            {
                foreach (Type next in Signature(type)) open.Push(next);
            }
        }

        return shown;
    }

    private static IEnumerable<Type> Signature(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static | BindingFlags.DeclaredOnly;
        MethodBase[] members =
        [
            .. type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared))
                .Where(m => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly),
        ];
        return
        [
            .. new[] { type.BaseType, type.DeclaringType }.OfType<Type>(),
            .. type.GetInterfaces().Where(i => i.IsVisible),
            .. type.GetNestedTypes(),
            .. type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(f => f.FieldType),
            .. members.SelectMany(m => m.GetParameters()).Select(p => p.ParameterType),
            .. members.OfType<MethodInfo>().Select(m => m.ReturnType),
        ];
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
