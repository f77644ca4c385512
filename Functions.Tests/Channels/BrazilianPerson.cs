namespace Vellarys.Tests.Channels;

/// <summary>Somebody in Brazil with every way in which WhatsApp may write their number.</summary>
internal sealed record BrazilianPerson(string Id, bool IsMobile, IReadOnlyList<string> Writings)
{
    /// <summary>Every area code that is in use.</summary>
    public static IReadOnlyList<int> Areas { get; } =
    [
        11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 24, 27, 28, 31, 32, 33, 34, 35, 37, 38, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 51, 53, 54, 55, 61, 62, 63, 64, 65, 66, 67, 68, 69, 71, 73, 74, 75, 77, 79, 81, 82, 83, 84, 85, 86, 87,
        88, 89, 91, 92, 93, 94, 95, 96, 97, 98, 99,
    ];

    /// <summary>Mobiles and landlines in turn, the same numbers each time, none twice.</summary>
    public static IEnumerable<BrazilianPerson> Generate(int perArea)
    {
        var random = new Random(5541);
        foreach (int area in Areas)
        {
            HashSet<string> used = [];
            for (int n = 0; n < perArea; n++)
            {
                bool isMobile = n % 2 == 0;
                string subscriber;
                do subscriber = $"{(isMobile ? random.Next(6, 10) : random.Next(2, 6))}{random.Next(10_000_000):D7}";
                while (!used.Add(subscriber));
                yield return new BrazilianPerson($"{area}-{n}", isMobile, isMobile
                    ? [$"55{area}9{subscriber}", $"55{area}{subscriber}"]
                    : [$"55{area}{subscriber}"]);
            }
        }
    }
}
