using System.Buffers;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Guard;

/// <summary>A form of attack, looked for in folded text.</summary>
/// <param name="Attack">The stable name of its class.</param>
/// <param name="Pattern">What it looks like.</param>
/// <param name="Needs">
/// Whatever the pattern matches holds one of these: a search for them costs less than the pattern. Null: it is always
/// run.
/// </param>
internal sealed record AttackRule(string Attack, Regex Pattern, SearchValues<string>? Needs)
{
    public bool Matches(string folded) =>
        (Needs is null || folded.AsSpan().ContainsAny(Needs)) && Pattern.IsMatch(folded);
}
