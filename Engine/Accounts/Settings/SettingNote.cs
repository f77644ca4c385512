using System.Text.RegularExpressions;

namespace Vellarys.Accounts.Settings;

/// <summary>What a person who sets a setting must know of it, and what it takes.</summary>
/// <param name="Path">In the document: <c>handoff.offerSeconds</c>, <c>handoff.routes[].reason</c>.</param>
/// <param name="Unit">
/// Of a number: <c>ms</c>, <c>s</c>, <c>min</c>, <c>h</c>, <c>%</c>; null where it counts something.
/// </param>
/// <param name="Min">The least number.</param>
/// <param name="Max">The greatest number; of a text its length, of a list how many.</param>
/// <param name="Choices">All that a text may be.</param>
/// <param name="Pattern">What a text looks like.</param>
internal sealed record SettingNote(
    string Path, string Description, string? Unit = null, int? Min = null, int? Max = null, string[]? Choices = null,
    Regex? Pattern = null);
