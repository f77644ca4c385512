using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Guard;

/// <summary>
/// Promises in a reply that only a person or a system of record can make: a credit, discount, refund or payment said to
/// be done, a discount in figures, a right granted. They pass only with the company's own words behind them.
/// </summary>
internal static partial class Claims
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Boon =
        @"(creditos?|desconto|descuento|discount|credits?|cupo[mn]|coupon|voucher|cortesia|reembolso|estorno"
            + @"|refund|pagamento|pago|payment|comprovante"
        + @"|frete gratis|envio gratis|free shipping|brinde|perfil (de )?administrador|administrator"
            + @"|admin (access|rights)|acesso (de )?admin\w*)";

    private const string Done =
        @"(aplicad[ao]s?|aplicamos|apliquei|aplique|confirmad[ao]s?|confirmamos|confirmei|aprovad[ao]s?"
            + @"|aprovamos|aprovei|liberad[ao]s?|liberamos|liberei"
        + @"|concedid[ao]s?|concedemos|concedi|adicionad[ao]s?|adicionei|marcad[ao]s? como pag[ao]s?|marquei"
            + @"|realizad[ao]s?|efetuad[ao]s?|processad[ao]s?|ativad[ao]s?"
        + @"|aprobad[ao]s?|otorgad[ao]s?|agregad[ao]s?|procesad[ao]s?|applied|confirmed|approved|granted|added"
            + @"|processed|issued|marked as paid|activated)";

    /// <summary>Whether the folded reply promises what neither passages, prompt nor staff have said.</summary>
    public static bool Unsupported(string folded, TurnContext context)
    {
        // The company's words are read once, however many sentences ask for them.
        Lazy<Source[]> sources = new(() => [.. Sources(context).Select(Source.Of)]);
        foreach (ValueMatch match in Sentence().EnumerateMatches(folded))
        {
            string sentence = folded.Substring(match.Index, match.Length);
            if (!Claim().IsMatch(sentence) && !Percent().IsMatch(sentence) && !Status().IsMatch(sentence)) continue;
            if (Hedged().IsMatch(sentence)) continue;
            if (!IsSupported(sentence, sources.Value)) return true;
        }

        return false;
    }

    // The company's words must name the same thing and every figure of the sentence.
    private static bool IsSupported(string sentence, Source[] sources)
    {
        string[] figures = [.. Figure().Matches(sentence).Select(m => m.Value)];
        string[] boons = [.. BoonWord().Matches(sentence).Select(m => m.Value).Distinct()];
        bool isPercent = Percent().IsMatch(sentence);
        return Array.Exists(
            sources,
            source => Array.TrueForAll(figures, source.Figures.Contains)
                && (boons.Length == 0 || Array.Exists(boons, b => source.Text.Contains(b, StringComparison.Ordinal)))
                && (isPercent || source.IsClaim));
    }

    private static IEnumerable<string> Sources(TurnContext context) =>
        context.Passages.Select(p => p.Title + " " + p.Text)
            .Append(context.Prompt)
            .Concat(context.History.Where(l => l.Speaker == TurnSpeaker.Staff).Select(l => l.Text));

    /// <summary>Words of the company's own.</summary>
    private sealed record Source(string Text, HashSet<string> Figures, bool IsClaim)
    {
        public static Source Of(string text)
        {
            string folded = TextFold.Fold(text);
            return new Source(
                folded, [.. Figure().Matches(folded).Select(m => m.Value)],
                Claim().IsMatch(folded) || Status().IsMatch(folded));
        }
    }

    [GeneratedRegex(@"[^.!?\n]+(\.\d+[^.!?\n]*)*[.!?]?", Options | RegexOptions.NonBacktracking)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b" + Boon + @"\b.{0,40}\b" + Done + @"\b|\b" + Done + @"\b.{0,40}\b" + Boon + @"\b",
        Options, Patterns.LimitMs)]
    private static partial Regex Claim();

    [GeneratedRegex(
        @"\b\d{1,3}([.,]\d+)? ?% ?(de )?(desconto|descuento|discount|off\b)|\b(desconto|descuento|discount) (de "
        + @"|of )?\d{1,3} ?%", Options, Patterns.LimitMs)]
    private static partial Regex Percent();

    [GeneratedRegex(@"\b(marcad[ao] como pag[ao]|pedido (esta |foi )?pago|order (is|was|has been) (marked as )?paid"
        + @"|r\$ ?[\d.,]+ de credito|[\d.,]+ (in|of) credit|usted es admin\w*|voce (agora )?e administrador"
        + @"|you are now an? admin\w*)\b", Options | RegexOptions.NonBacktracking)]
    private static partial Regex Status();

    // Said of the future, of a condition, or denied: not a promise.
    [GeneratedRegex(
        @"\b(nao|no|not|nunca|never|nem|ni|sem|sin|without|can'?t|cannot|isn'?t|hasn'?t|won'?t|quando|cuando"
        + @"|when|once|assim que|tan pronto|as soon as|se|si|if|caso|ate|until|apos|after|despues|depois|sera"
        + @"|seran|serao|will|for|forem|seja|sea|pode ser|puede ser|may be|can be|precisa|necesita|needs|antes"
        + @"|before|verificar|conferir|check)\b|\?$", Options, Patterns.LimitMs)]
    private static partial Regex Hedged();

    [GeneratedRegex(@"\d+([.,]\d+)*", Options, Patterns.LimitMs)]
    private static partial Regex Figure();

    [GeneratedRegex(@"\b" + Boon + @"\b", Options, Patterns.LimitMs)]
    private static partial Regex BoonWord();
}
