using System.Text.RegularExpressions;

namespace Vellarys.Conversations.OptOut;

/// <summary>
/// Whether a customer wants no more of what the company sends on its own account, or wants it again: as a word alone or
/// within a sentence, in Portuguese, Spanish and English. Read once, when the message is recorded; what the customer is
/// told then follows from what is stored.
/// </summary>
internal static class OptOutWish
{
    private const int MaxLength = 1_000;

    /// <summary>True to opt out, false to opt in again, null for everything else.</summary>
    /// <param name="isChoice">
    /// A button or a row of a list: there a word alone ("Voltar", "Sair") steers a menu, and only a phrase is a wish.
    /// </param>
    public static bool? Read(string text, bool isChoice)
    {
        if (text.Length is 0 or > MaxLength) return null;
        List<Clause> clauses = Clause.Split(text);
        if (clauses.Exists(c => OptOutPatterns.Leaves(c.Terms))) return true;
        if (clauses.Exists(c => OptOutPatterns.Returns(c.Terms))) return false;
        return isChoice ? null : Alone(clauses);
    }

    /// <summary>Whether a text with a wish in it asks something besides.</summary>
    public static bool AsksBesides(string text) => Clause.Split(text).Exists(
        c => c.IsQuestion && !c.IsCourtesy && !OptOutPatterns.Leaves(c.Terms) && !OptOutPatterns.Returns(c.Terms)
            && !OptOutPatterns.LeavesAlone(c.Terms));

    /// <summary>Thanks, a nod, a goodbye, an emoji and nothing else: no one expects an answer.</summary>
    public static bool IsCourtesy(string text) =>
        text.Length is > 0 and <= 200 && Clause.Split(text).TrueForAll(c => c.IsCourtesy);

    // A word that means other things too is a wish only where nothing else is said.
    private static bool? Alone(List<Clause> clauses)
    {
        List<Clause> said = clauses.FindAll(c => !c.IsCourtesy);
        if (said.Count == 0) return null;
        if (said.TrueForAll(c => OptOutPatterns.LeavesAlone(c.Terms))) return true;
        return said.TrueForAll(c => OptOutPatterns.ReturnsAlone(c.Terms)) ? false : null;
    }
}
