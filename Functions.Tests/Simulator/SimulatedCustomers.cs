using System.Globalization;

namespace Vellarys.Tests.Simulator;

/// <summary>
/// Whom a number writes to: Brazilians with and without their ninth digit, and some without any number.
/// </summary>
internal sealed class SimulatedCustomers(SimulatorConfig config)
{
    private static readonly int[] Areas = [11, 21, 31, 41, 51, 61, 71, 81, 85, 91];

    /// <summary>The n-th customer's address as webhooks name it.</summary>
    public string Address(int n)
    {
        string who = n.ToString(CultureInfo.InvariantCulture);
        if (Is(config.WithoutNumber, "number", who)) return $"BR.{9_000_000_000_000 + n}";
        int area = Areas[n % Areas.Length];
        string rest = (70_000_000 + n).ToString(CultureInfo.InvariantCulture);
        return $"55{area}{(Is(config.EightDigits, "digit", who) ? "" : "9")}{rest}";
    }

    public bool IsUnreachable(string address) => Is(config.Unreachable, "reach", address);

    public bool IsUnwilling(string address) => Is(config.Unwilling, "will", address);

    private bool Is(double share, string what, string who) =>
        SimulatorChance.Of(config.Seed, what, who, 0) < share;
}
