using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Vellarys.Tests.Critical;

public sealed class CriticalFirstTests
{
    private static readonly string[] Five =
    [
        "CriticalTest1_RateLimitBlocks", "CriticalTest2_HotLeadIsQualified", "CriticalTest3_HandoffOnHotLead",
        "CriticalTest4_PromptInjectionIsBlocked", "CriticalTest5_TenantANeverSeesTenantB",
    ];

    /// <summary>
    /// As xunit does it: collections of every test class of this assembly, in the order that it is told.
    /// </summary>
    [Fact]
    public void Run_OfTheWholeAssembly_BeginsWithTheFive()
    {
        IAssemblyInfo assembly = Reflector.Wrap(typeof(CriticalFirst).Assembly);
        IAttributeInfo named = Assert.Single(assembly.GetCustomAttributes(typeof(TestCollectionOrdererAttribute)));
        Assert.Equal(
            $"{typeof(CriticalFirst).FullName}, {typeof(CriticalFirst).Assembly.GetName().Name}",
            string.Join(", ", named.GetConstructorArguments()));

        var collections = new CollectionPerClassTestCollectionFactory(
            new TestAssembly(assembly), new NullMessageSink());
        ITestCollection[] ordered =
        [
            .. new CriticalFirst().OrderTestCollections(
                assembly.GetTypes(includePrivateTypes: false).Where(HasTests).Reverse().Select(collections.Get)),
        ];
        Assert.Equal(Five, ordered.Take(5).Select(c => c.DisplayName[(c.DisplayName.LastIndexOf('.') + 1)..]));
        Assert.True(ordered.Length > 100);
    }

    [Fact]
    public void CriticalTests_AreTheseFive() => Assert.Equal(
        Five,
        typeof(CriticalFirst).Assembly.GetTypes()
            .Select(t => t.Name).Where(n => n.StartsWith("CriticalTest", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    private static bool HasTests(ITypeInfo type) =>
        type.GetMethods(includePrivateMethods: false).Any(m => m.GetCustomAttributes(typeof(FactAttribute)).Any());
}
