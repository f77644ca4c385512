namespace Vellarys.Tests.Simulator;

/// <summary>
/// What the provider is like. Shares are from 0 to 1 and decided by the seed, the customer and the count.
/// </summary>
internal sealed record SimulatorConfig
{
    /// <summary>A number shared with the WhatsApp app.</summary>
    public static SimulatorConfig Coexistence { get; } = new() { PerSecond = 20 };

    /// <summary>A number whose throughput Meta has raised.</summary>
    public static SimulatorConfig High { get; } = new() { PerSecond = 1_000 };

    public int Seed { get; init; } = 1;

    /// <summary>Messages of a number in any second; more are refused with 130429.</summary>
    public int PerSecond { get; init; } = 80;

    /// <summary>To one customer in the long run; more are refused with 131056.</summary>
    public TimeSpan PairInterval { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>To one customer at first.</summary>
    public int PairBurst { get; init; } = 45;

    /// <summary>Whether free text needs a message of the customer within a day (131047).</summary>
    public bool HasWindow { get; init; }

    /// <summary>Customers who are not on WhatsApp (131026).</summary>
    public double Unreachable { get; init; }

    /// <summary>Customers whom Meta spares further marketing (131049), reported by a status.</summary>
    public double Unwilling { get; init; }

    /// <summary>Sends that are answered 500 although they were delivered.</summary>
    public double FailedAfterAccept { get; init; }

    /// <summary>Sends whose connection is cut after they were accepted.</summary>
    public double CutAfterAccept { get; init; }

    /// <summary>Accepted sends that are reported by statuses.</summary>
    public double Reported { get; init; } = 1;

    /// <summary>Of the reported, those whose first status comes before the send's answer.</summary>
    public double ReportedFirst { get; init; }

    /// <summary>Webhooks that come twice.</summary>
    public double Doubled { get; init; }

    /// <summary>Webhooks that are overtaken by the next one.</summary>
    public double Overtaken { get; init; }

    /// <summary>Whether statuses return what the send carried along.</summary>
    public bool EchoesCorrelation { get; init; } = true;

    /// <summary>How long a send takes to be answered.</summary>
    public TimeSpan AnswerDelay { get; init; }

    /// <summary>How long after the send its first status leaves, at most.</summary>
    public TimeSpan StatusDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Customers who have a user name and tell their number to nobody.</summary>
    public double WithoutNumber { get; init; }

    /// <summary>Customers in Brazil whose id lacks the ninth digit.</summary>
    public double EightDigits { get; init; } = 0.5;

    /// <summary>What sends must show; another token is answered 401 with code 190.</summary>
    public string Token { get; init; } = "token";

    /// <summary>What webhooks are signed with.</summary>
    public string Secret { get; init; } = "simulator-secret";

    public string Number { get; init; } = "10000000000001";
}
