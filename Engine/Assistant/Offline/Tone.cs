using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Offline;

/// <summary>The customer's tone from words, set phrases and emoji, with negation. A question alone has none.</summary>
internal static partial class Tone
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly char[] Breaks = [',', '.', ';', '!', '?'];

    public static Sentiment Of(string text) => Patterns.Read(() => Read(text), Sentiment.Neutral);

    private static Sentiment Read(string text)
    {
        string folded = TextFold.Fold(text);
        int score = (2 * GoodPhrase().Count(folded)) - (2 * BadPhrase().Count(folded)) + Emoji(text);
        // A negation holds for its own clause: "it isn't bad, I liked it".
        foreach (string clause in GoodPhrase().Replace(BadPhrase().Replace(folded, " "), " ").Split(Breaks))
            score += Score(TextFold.Words(clause));
        return score > 0 ? Sentiment.Positive : score < 0 ? Sentiment.Negative : Sentiment.Neutral;
    }

    private static int Score(List<string> words)
    {
        int score = 0;
        for (int i = 0; i < words.Count; i++)
        {
            int value = Good().IsIn(words[i]) ? 1 : Bad().IsIn(words[i]) ? -1 : 0;
            if (value != 0) score += IsNegated(words, i) ? -value : value;
        }

        return score;
    }

    private static bool IsNegated(List<string> words, int at)
    {
        for (int i = Math.Max(0, at - 4); i < at; i++)
        {
            if (Negation().IsIn(words[i])) return true;
        }

        return false;
    }

    private static int Emoji(string text)
    {
        string[] bad = ["😡", "😠", "🤬", "😢", "😭", "👎", "💔", "😤", "😞", "😒", "🙄", "😔"];
        string[] good = ["😍", "❤", "🥰", "😊", "🙏", "👏", "🎉", "😁", "😃", "💖", "🤩", "😄"];
        return good.Count(e => text.Contains(e, StringComparison.Ordinal))
            - (2 * bad.Count(e => text.Contains(e, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^(nao|nunca|nem|no|not|never|nada|sem|sin|dont|didn|don|isn|wasn|jamais|jamas)$",
        Options, Patterns.LimitMs)]
    private static partial Regex Negation();

    [GeneratedRegex(@"^(gost(ei|o|amos|aram|ou)|ador\w+|am(ei|o|amos)|otim[ao]s?|excelent\w*|maravilh\w+|perfeit\w+"
        + @"|lind[ao]s?|feliz\w*|parabens|obrigad[ao]s?|brigad[ao]|valeu|vlw|recomend\w+|satisfeit\w+|sensacional"
        + @"|incrivel|foda|top|show|massa|nota10|agradec\w+|elogi\w+|encant\w+|gracias|genial(es)?|buenisim\w+"
        + @"|perfect\w*|great|lov(e|ed|ely)|thanks?|awesome|amazing|happy|excellent|fantastic\w*|contente?"
        + @"|impecav\w+|caprich\w+|bom|boa|buen[ao]|good|nice|legal|rapid[ao]|rapidinho)$", Options, Patterns.LimitMs)]
    private static partial Regex Good();

    [GeneratedRegex(@"^(ruim|ruins|pessim\w+|horriv\w+|horribl\w+|terriv\w+|terribl\w+|odi(ei|o|amos)|lixo|absurd\w+"
        + @"|vergonh\w+|verguenza|ridicul\w+|decepc\w+|decepcion\w+|triste\w*|chatead\w+|frustr\w+|irritad\w+"
        + @"|raiva|indignad\w+|desrespeit\w+|descaso|palhac\w+|pior|piores|peor|demor\w+|atrasad\w+|atraso\w*"
        + @"|quebr(ad[ao]s?|ou)|defeit\w+|estrag\w+|errad[ao]s?|engan(ad\w+|aram|ou|osa?)|golp(e|istas?)|reclam\w+"
        + @"|porcaria|droga|insatisf\w+|problemas?|nojent\w+|nojo|mal|malisim\w+|malo|mala|estaf\w+|enojad\w+"
        + @"|molest[ao]\w*|roto|rota|queja\w*|harto|harta|bad|worst|worse|awful|hate|angry|disappoint\w*|broken"
        + @"|useless|rude|scam\w*|defective|sujo|suja|furad[ao]|mentir\w+|descontent\w+)$", Options, Patterns.LimitMs)]
    private static partial Regex Bad();

    [GeneratedRegex(
        @"\b(deu (tudo )?certo|deu boa|gracas a deus|nota (10|dez|mil)|super indico|custo.beneficio|valeu a pena"
        + @"|vale a pena|resolveu (meu|o) problema|well done|works? (great|perfectly)|todo (bien|perfecto)"
        + @"|muy bien|muito bem atendid\w+|melhor (loja|atendimento|compra)|the best|lo mejor)\b",
        Options, Patterns.LimitMs)]
    private static partial Regex GoodPhrase();

    [GeneratedRegex(
        @"\b(deix(ou|a|aram) a desejar|(de|ta de|tao de|estao de) brincadeira|nada a ver|nem um pouco|nunca mais"
        + @"|ate agora nada|perda de tempo|jogue?i dinheiro fora|falta de (respeito|educacao|consideracao)"
        + @"|que saco|saco cheio|cansei|de mal a pior|waste of (time|money)|never again|fed up|nunca mas"
        + @"|falta de respeto|una burla|perdida de tiempo|no sirve|nao (funciona|presta|chegou|chega|resolve\w*)"
        + @"|parou de funcionar|no (llego|llega|funciona|works?|working)|doesn'?t work|cai toda hora)\b",
        Options, Patterns.LimitMs)]
    private static partial Regex BadPhrase();
}
