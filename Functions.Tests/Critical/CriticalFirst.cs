using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Vellarys.Tests.Critical.CriticalFirst", "Vellarys.Tests")]

namespace Vellarys.Tests.Critical;

/// <summary>
/// The five critical tests start before all others, in their order, so that a run that breaks one of them says so
/// first. A class is a collection of its own here, and as many run at once as the machine has processors.
/// </summary>
public sealed class CriticalFirst : ITestCollectionOrderer
{
    private const string Critical = "Vellarys.Tests.Critical.CriticalTest";

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => Place(c.DisplayName), StringComparer.Ordinal);

    // The names end in a number and what it is about; ordering is stable, so the others stay as they are.
    private static string Place(string name) =>
        name.IndexOf(Critical, StringComparison.Ordinal) is >= 0 and int at ? name[at..] : "~";
}
