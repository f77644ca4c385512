using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace Vellarys;

/// <summary>
/// Regular expressions meet text of strangers, so none may cost more than its text is long. A repetition within a
/// repetition, or beside one that matches the same signs, is <see cref="RegexOptions.NonBacktracking"/>. All others
/// try a bounded number of things from one place and run under <see cref="LimitMs"/>; they are not NonBacktracking,
/// because the automaton of a pattern with gaps takes up to 50 MB, and a stranger can make it grow. One that took too
/// long all the same is an answer: counted, and read as no match or with caution, as its caller says.
/// </summary>
public static class Patterns
{
    public const string MeterName = "Vellarys.Patterns";

    /// <summary>
    /// The time of a pattern that may backtrack. Generous: the clock runs on while a busy machine waits.
    /// </summary>
    internal const int LimitMs = 1_000;

    // The net under everything else, libraries included.
    private static readonly TimeSpan Net = TimeSpan.FromSeconds(5);

    private static readonly Counter<long> TimedOut = new Meter(MeterName).CreateCounter<long>(
        "pattern.timeouts", "{match}", "Matches that were broken off for their time");

    /// <summary>
    /// A host's first statement: the runtime reads the default once, with its first regular expression.
    /// </summary>
    public static void LimitAll() => AppContext.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", Net);

    /// <summary>Whether the text holds a match; one that was broken off is none.</summary>
    internal static bool IsIn(this Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            TimedOut.Add(1);
            return false;
        }
    }

    /// <summary>What is read with several matches, or <paramref name="brokenOff"/> where one took too long.</summary>
    internal static T Read<T>(Func<T> read, T brokenOff)
    {
        try
        {
            return read();
        }
        catch (RegexMatchTimeoutException)
        {
            TimedOut.Add(1);
            return brokenOff;
        }
    }
}
