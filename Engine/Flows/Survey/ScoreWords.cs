using System.Globalization;
using System.Text.RegularExpressions;

namespace Vellarys.Flows.Survey;

/// <summary>The patterns by which <see cref="SurveyAnswer"/> finds a score, on plain text.</summary>
internal static partial class ScoreWords
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Word =
        "zero|cero|uma|um|uno|una|un|one|dois|duas|dos|two|tres|three|quatro|cuatro|four|cinco|five|seis|six"
        + "|sete|siete|seven|oito|ocho|eight|nove|nueve|nine|dez|diez|ten";

    private const string Digits = @"10|\d";

    /// <summary>9, nove, 9/10, nove e meio, 8 ou 9, 5 estrelas; never a part of a longer number.</summary>
    private const string Score =
        "(?<n>" + Digits + "|" + Word + ")"
        + @"(?<half>[.,]\d(?![\d%])|\s+(e|y|and)\s+(meio|meia|medio|media|a\s+half)\b)?"
        + @"(\s+(ou|o|or)\s+(?<or>" + Digits + "|" + Word + @")(?!\w))?"
        + @"(\s*/\s*(?<of>10|5)|\s+(de|em|sobre|of|out\s+of|on)\s+(?<of>10|5|dez|diez|ten|cinco|five)(?!\w))?"
        + @"(\s+((?<star>estrel(a|inha)s?|estrellas?|stars?)|pontos?|puntos?|points?)\b)?"
        + @"(?![\w%$€]|\s*[%$€/]|[.,:-]\d)";

    /// <summary>Words for one and two that are articles more often than scores.</summary>
    public static readonly HashSet<string> Articles =
        new(["um", "uma", "un", "una", "uno", "one", "dos"], StringComparer.Ordinal);

    private static readonly Dictionary<string, int> Values = new(StringComparer.Ordinal)
    {
        ["zero"] = 0, ["cero"] = 0,
        ["um"] = 1, ["uma"] = 1, ["un"] = 1, ["una"] = 1, ["uno"] = 1, ["one"] = 1,
        ["dois"] = 2, ["duas"] = 2, ["dos"] = 2, ["two"] = 2, ["tres"] = 3, ["three"] = 3,
        ["quatro"] = 4, ["cuatro"] = 4, ["four"] = 4, ["cinco"] = 5, ["five"] = 5, ["seis"] = 6, ["six"] = 6,
        ["sete"] = 7, ["siete"] = 7, ["seven"] = 7, ["oito"] = 8, ["ocho"] = 8, ["eight"] = 8,
        ["nove"] = 9, ["nueve"] = 9, ["nine"] = 9, ["dez"] = 10, ["diez"] = 10, ["ten"] = 10,
    };

    /// <summary>Whether a character of <see cref="OnlyStars"/> is a star; of 🌟, its second half.</summary>
    public static bool IsStar(char c) => c is '⭐' or '★' or '✭' or '\uDF1F';

    /// <param name="word">As matched: digits or a word.</param>
    public static int Value(string word) =>
        Values.TryGetValue(word, out int value) ? value : int.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>"De 0 a 10": the question, repeated.</summary>
    [GeneratedRegex(
        @"\b((na|em|on|en)\s+(uma|una|a)?\s*(escala|scale)\s+)?(de|del|from|of|entre)\s+"
        + @"(0|1|zero|cero|um|uno|one)\s+(a|ao|al|to|ate|e|y|and)\s+(10|5|dez|diez|ten|cinco|five)\b",
        Options, Patterns.LimitMs)]
    public static partial Regex Scale();

    /// <summary>"Nota mil" is as good as it gets.</summary>
    [GeneratedRegex(@"\bnota\s+(maxima|mil|1\.?000|100|infinita)\b(?!\s*(%|reais))", Options, Patterns.LimitMs)]
    public static partial Regex Highest();

    /// <summary>A number that is called a score, or given.</summary>
    [GeneratedRegex(
        @"(?<!\w)((minha|a|mi|la|my|the|uma|una|eu|i|i'd|te|le|les|os|would)\s+){0,3}"
        + @"((nota|puntaje|puntuacion|calificacion|score|rating|grade)"
        + @"(\s+(final|que\s+(eu\s+)?(dou|daria|le\s+doy|doy)|para\s+(voces|vcs|ustedes|el\s+servicio)))?"
        + @"\s*([:=-]|(e|eh|es|is|seria|fica|sera|de|of)\s)?"
        + @"|(dou|daria|dei|darei|avalio\s+(com|em)|doy|pongo|pondria|give|rate)(\s+(you|it|them|this|voces))?\s)\s*"
        + @"((nota|um|uma|un|una|an|a|o|el|the|lindo|belo|grande|gran|solid|big|com|de)\s+){0,3}" + Score,
        Options, Patterns.LimitMs)]
    public static partial Regex Named();

    /// <summary>"Não daria".</summary>
    [GeneratedRegex(
        @"\b((nao|nunca|jamais|never|not|don't|wouldn't)(\s+(te|lhe|vou|would|i|eu|posso|consigo|dou|daria|merece[mn]?"
        + @"|mereci(a|am)|deserve))?|no(\s+(te|le|les|merecen?))?)\s*$", Options, Patterns.LimitMs)]
    public static partial Regex Negated();

    /// <summary>What a given number counts when it is no score.</summary>
    [GeneratedRegex(
        @"^\s*(reais|real|contos?|pilas?|pesos?|dolar(es)?|dollars?|bucks|euros?|mil|milhoes|horas?|hours?|hrs?|hs"
        + @"|min(uto|ute)?s?|dias?|days?|semanas?|weeks?|mes(es)?|months?|anos?|years?|vezes|veces|times|x|kg|km|cm"
        + @"|unidades?|units?|pecas?|caixas?|por\s+cento|por\s+ciento|percent|(da|de\s+la)\s+(manha|tarde|noite|manana"
        + @"|noche)|am|pm|de\s+(janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro"
        + @"|dezembro|enero|febrero|mayo|junio|julio|septiembre|octubre|noviembre|diciembre))\b",
        Options, Patterns.LimitMs)]
    public static partial Regex Quantity();

    /// <summary>A number that the text begins with, politeness aside.</summary>
    [GeneratedRegex(
        @"^[^\w$€£+#%/-]*((oi+|ola|opa|bom\s+dia|boa\s+tarde|boa\s+noite|hola|buenas|buenos\s+dias|buenas\s+tardes"
        + @"|hello|hi|hey|claro|sim|si|yes|sure|bem|bueno|well|ok|acho\s+que|creo\s+que|i\s+think|diria|digo|seria|fica"
        + @"|fico\s+com|eh?|es|it's|its|um|uma|un|una|an|a|o|el|the|sem\s+duvida|com\s+certeza|con\s+seguridad"
        + @"|definitely|resposta|respuesta|answer|lindo|belo|solid)[^\w$€£+#%/-]+){0,4}" + Score,
        Options, Patterns.LimitMs)]
    public static partial Regex AtStart();

    /// <summary>A number that stands behind all the rest.</summary>
    [GeneratedRegex(@"(?<=[,.!;:)\n…-]\s*|[^\w\s,.]\s+)" + Score + @"\W*$", Options, Patterns.LimitMs)]
    public static partial Regex AtEnd();

    /// <summary>Praise or blame.</summary>
    [GeneratedRegex(
        @"\b(adorei|amei|gost(ei|amos)|otim[oa]|excelente|bom|boa|top|perfeit[oa]|maravilh\w+|incrivel|pessim[oa]"
        + @"|ruim|horrivel|(in)?satisfeit[oa]|recomendo|parabens|show|encant\w+|genial|buen[oa]?|mal[oa]?|great|good"
        + @"|excellent|loved?|awesome|amazing|perfect[oa]?|terrible|bad|poor|happy|demor\w+|rapid[oa])\b",
        Options, Patterns.LimitMs)]
    public static partial Regex Judges();

    /// <summary>Between a number and its comment.</summary>
    [GeneratedRegex(@"^[\s*_~""']*([,.;:!…–—|\n)(-]|[^\w\s*_~""'/$€%+#])[^\w]*", Options, Patterns.LimitMs)]
    public static partial Regex Pause();

    /// <summary>A list of numbers.</summary>
    [GeneratedRegex(@"^(\d|(" + Word + @")\b)", Options, Patterns.LimitMs)]
    public static partial Regex NumberFirst();

    /// <summary>Words that go on about a score without a pause.</summary>
    [GeneratedRegex(
        @"^\s+(porque|por\s+que|pq|pois|pel[oa]s?|por\s+(causa|ter|ser|todo|el|la)|mas|pero|but|because|cause|since"
        + @"|com\s+(certeza|louvor)|sem\s+duvidas?|con\s+seguridad|sin\s+dudas?|(e|y|and)\s+(adorei|amei|gostei"
        + @"|recomend\w+|muito|foi|me|loved|would)|adorei|amei|gostei|otim[oa]|excelente|muit[oa]|super|foi|fue"
        + @"|perfeit[oa]|top|parabens|obrigad[oa]|valeu|vlw|show|pessim[oa]|ruim|horrivel|demor\w+|fraco|regular"
        + @"|atendimento|bom|boa|recomend\w+|(para|pra|p/)\s+(voces|vcs|voce|todos|o\s+atendimento|a\s+equipe|a\s+loja"
        + @"|ustedes|todo|el\s+servicio)|muy|buen[oa]?|mal[oa]?|gracias|genial|me\s+(encant\w+|gust\w+)|encantad[oa]"
        + @"|great|good|excellent|thanks|thank|loved?|awesome|amazing|very|perfect|bad|terrible|for\s+(you|the"
        + @"|your)|from\s+me|da\s+minha\s+parte|de\s+mi\s+parte)\b", Options, Patterns.LimitMs)]
    public static partial Regex Follows();

    [GeneratedRegex(@"^\s*(([⭐★✭]|\uD83C\uDF1F)\s*)+$", Options | RegexOptions.NonBacktracking)]
    public static partial Regex OnlyStars();
}
