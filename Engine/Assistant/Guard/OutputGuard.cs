using System.Buffers;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Guard;

/// <summary>
/// Looks for what a reply must never hold: our orders, secrets, prompt structure, promises nobody made.
/// </summary>
internal static partial class OutputGuard
{
    /// <summary>The longest text message WhatsApp takes.</summary>
    public const int MaxLength = 4_096;

    // Eight words in a row are no accident in our fixed text; a tenant's prompt also holds facts that are for
    // customers.
    private const int OwnRun = 8;
    private const int TenantRun = 24;

    private static readonly SearchValues<string> SecretHints = SearchValues.Create(
        ["sk-", "Bearer ", "AKIA", "ghp_", "xox", "EAA", "-----BEGIN", "eyJ", "postgres", "AIza", "Password="],
        StringComparison.Ordinal);

    private static readonly SearchValues<string> PromptMarks = SearchValues.Create(
        [TurnPrompt.Fence, TurnPrompt.FenceEnd, TurnPrompt.WithheldMark, TurnPrompt.MediaMark],
        StringComparison.Ordinal);

    private static readonly HashSet<int> OwnRuns = Runs(TextFold.Words(TextFold.Fold(TurnPrompt.Rules)), OwnRun);

    /// <summary>Why the reply is withheld, or null.</summary>
    public static string? Inspect(string reply, TurnContext context, string apiKey) =>
        Patterns.Read(() => Fault(reply, context, apiKey), InputGuard.TooLong);

    private static string? Fault(string reply, TurnContext context, string apiKey)
    {
        if (ForgedMarks.In(reply) || reply.AsSpan().ContainsAny(PromptMarks)) return "structure";
        if (apiKey.Length >= 8 && reply.Contains(apiKey, StringComparison.Ordinal)) return "secret";
        if (reply.AsSpan().ContainsAny(SecretHints) && Secret().IsMatch(reply)) return "secret";
        string folded = TextFold.Fold(reply);
        if (LeaksPrompt(folded, context.Prompt)) return "prompt_leak";
        return Claims.Unsupported(folded, context) ? "unsupported_claim" : null;
    }

    /// <summary>Cut at the end of a sentence, or of a word, that fits.</summary>
    public static string Shortened(string reply)
    {
        if (reply.Length <= MaxLength) return reply;
        string head = reply[..MaxLength];
        int end = Math.Max(head.LastIndexOfAny(['.', '!', '?', '\n']), -1);
        if (end >= MaxLength / 2) return head[..(end + 1)].TrimEnd();
        int space = head.LastIndexOf(' ');
        int cut = space > MaxLength / 2 ? space : MaxLength - 2;
        return head[..(char.IsHighSurrogate(head[cut - 1]) ? cut - 1 : cut)] + "…";
    }

    private static bool LeaksPrompt(string folded, string tenantPrompt)
    {
        List<string> words = TextFold.Words(folded);
        if (words.Count < OwnRun) return false;
        if (Runs(words, OwnRun).Overlaps(OwnRuns)) return true;
        return words.Count >= TenantRun && tenantPrompt.Length > 0
            && Runs(words, TenantRun).Overlaps(Runs(TextFold.Words(TextFold.Fold(tenantPrompt)), TenantRun));
    }

    // Hashes of every run of that many words.
    private static HashSet<int> Runs(List<string> words, int length)
    {
        HashSet<int> runs = [];
        for (int i = 0; i + length <= words.Count; i++)
        {
            HashCode hash = default;
            for (int j = i; j < i + length; j++) hash.Add(words[j]);
            runs.Add(hash.ToHashCode());
        }

        return runs;
    }

    [GeneratedRegex(
        @"\bsk-[A-Za-z0-9_-]{16,}|\bBearer [A-Za-z0-9._-]{20,}|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{30,}"
            + @"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bEAA[A-Za-z0-9]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY"
            + @"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ|\bpostgres(ql)?://[^\s:]+:[^\s@]+@|\bAIza[A-Za-z0-9_-]{30,}"
            + @"|\bPassword=[^\s;]{4,}",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
