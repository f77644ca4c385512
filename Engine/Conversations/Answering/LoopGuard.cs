using Vellarys.Assistant;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Whether the other side is an automatic reply. Seen in the lines that a turn is loaded with: it holds over restarts
/// and costs no round trip. A round is an answer of the bot and what came back before the next one.
/// </summary>
/// <remarks>
/// Two signs. <i>Repetition</i>: the same text comes back again and again, in turns with others or alone. A text of a
/// few words, or one with a picture, must come back at once too. Where the numbers in it differ, as times and tickets
/// do, it must be long and come back at once; where words differ, faster than anybody types: people ask the same of one
/// article after the other. <i>Speed</i>: round after round more comes back than a person could have typed since the
/// answer. A person who asks "oi?" three times, or who writes five short messages in a row, is far from either.
/// </remarks>
internal static class LoopGuard
{
    /// <summary>The latest rounds that are looked at.</summary>
    private const int Window = 8;

    /// <summary>Returns of a text in the window before it is a loop: it is stopped at the sixth copy.</summary>
    private const int ManyReturns = 5;

    /// <summary>Words of a text that is long enough to tell somebody who asks again from an automatic reply.</summary>
    private const int LongWords = 4;

    /// <summary>Characters a second that nobody types for long, on whatever keyboard.</summary>
    private const int TypedASecond = 12;

    /// <summary>The same, where the customer may have gone on typing while the bot answered.</summary>
    private const int TypedForLong = 6;

    /// <summary>Shorter texts may have been typed before the answer came.</summary>
    private const int TypedAtLeast = 40;

    private static readonly TimeSpan Span = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    /// <param name="lines">Newest first.</param>
    public static bool Sees(IReadOnlyList<StoredLine> lines)
    {
        List<Round> rounds = Rounds(lines);
        if (rounds.Count < ManyReturns) return false;
        bool isFull = rounds.Count == Window;
        return isFull && rounds.TrueForAll(r => r.IsTooFastToBeTyped)
            || rounds.Count(r => r.Returns && r.Words.Count >= LongWords) >= ManyReturns
            || isFull && rounds.TrueForAll(r => r.Returns && r.After <= AtOnce);
    }

    /// <summary>The latest first; only what came since staff had a hand in it, and not long ago.</summary>
    private static List<Round> Rounds(IReadOnlyList<StoredLine> lines)
    {
        List<Said> said = Read(lines);
        List<HashSet<string>> words = said.ConvertAll(s => WordsOf(s.Back));
        List<Round> rounds = [];
        for (int i = 0; i < said.Count && i < Window && said[i].Answer is { } answer; i++)
        {
            List<StoredLine> back = said[i].Back;
            DateTime last = back[0].CreatedAt;
            TimeSpan since = i + 1 < said.Count ? last - said[i + 1].Back[0].CreatedAt : TimeSpan.MaxValue;
            TimeSpan after = last - answer.CreatedAt;
            // People send one picture after the other and ask the same of each, but not the moment the answer is there.
            bool isMedia = back.Exists(l => l.Kind != "text");
            string text = TextOf(back);
            var round = new Round(words[i], isMedia ? 0 : back.Sum(l => l.Body.Length), after, since);
            bool isLong = words[i].Count >= LongWords;
            bool returns = (!isMedia || words[i].Count > 0 && after <= AtOnce)
                && Enumerable.Range(i + 1, said.Count - i - 1).Any(j => text == TextOf(said[j].Back)
                    || isLong && round.IsTicket && words[i].SetEquals(words[j])
                    || isLong && round.IsTooFastToBeTyped && Resemble(words[i], words[j]));
            rounds.Add(round with { Returns = returns });
        }

        return rounds;
    }

    /// <summary>What the customer wrote between two answers; the oldest may have none before it.</summary>
    private static List<Said> Read(IReadOnlyList<StoredLine> lines)
    {
        List<Said> said = [];
        List<StoredLine> back = [];
        foreach (StoredLine line in lines)
        {
            if (line.Role == "atendente" || line is { Role: "sistema", Kind: "loop" }) break;
            if (lines[0].CreatedAt - line.CreatedAt > Span || said.Count > Window) break;
            bool isTurn = line is { Role: "cliente", Turn: not null };
            // Buttons are tapped by people; a greeting may have a picture.
            if (isTurn && line.Kind is not ("text" or "image" or "video" or "audio" or "document" or "sticker")) break;
            if (isTurn) back.Add(line);
            if (line.Role != "bot" || back.Count == 0) continue;
            said.Add(new Said(line, back));
            back = [];
        }

        if (back.Count > 0) said.Add(new Said(null, back));
        return said;
    }

    /// <summary>Four of five words the same; numbers, such as times and tickets, are left out.</summary>
    private static bool Resemble(HashSet<string> one, HashSet<string> other) =>
        one.Count(other.Contains) * 5 >= Math.Max(one.Count, other.Count) * 4;

    private static HashSet<string> WordsOf(List<StoredLine> lines) =>
        [.. TextFold.Words(TextOf(lines)).Where(w => !w.Any(char.IsAsciiDigit))];

    private static string TextOf(List<StoredLine> lines) =>
        TextFold.Fold(string.Join(' ', lines.Select(l => l.Body)));

    /// <param name="Back">Newest first.</param>
    private sealed record Said(StoredLine? Answer, List<StoredLine> Back);

    /// <param name="After">From the answer until it came back.</param>
    /// <param name="Since">From what the customer wrote before: whoever types can have begun then.</param>
    private sealed record Round(HashSet<string> Words, int Length, TimeSpan After, TimeSpan Since)
    {
        /// <summary>An earlier one said the same.</summary>
        public bool Returns { get; init; }

        /// <summary>Such as automata number: long, and there at once.</summary>
        public bool IsTicket => Length >= TypedAtLeast && After <= AtOnce;

        public bool IsTooFastToBeTyped => Length >= TypedAtLeast && Length > After.TotalSeconds * TypedASecond
            && Length > Since.TotalSeconds * TypedForLong;
    }
}
