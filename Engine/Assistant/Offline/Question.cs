using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Offline;

/// <summary>
/// What a question is about, in words that also match a knowledge base in another of the three languages: subjects
/// such as opening hours or price, and the stems of the remaining words.
/// </summary>
internal static partial class Question
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public static readonly Regex OpeningHours = HoursWords();
    public static readonly Regex Price = PriceWords();

    /// <summary>Each subject: how a question names it, and what a sentence that answers it looks like.</summary>
    private static readonly (Regex Asked, Regex Answered)[] Subjects =
    [
        (HoursWords(), HoursAnswer()),
        (PriceWords(), PriceAnswer()),
        (PlaceWords(), PlaceAnswer()),
        (DeliveryWords(), DeliveryWords()),
        (PaymentWords(), PaymentWords()),
        (ReturnWords(), ReturnWords()),
        (WarrantyWords(), WarrantyWords()),
    ];

    private static readonly HashSet<string> Noise = [.. (
        """
        a o as os um uma uns umas de do da dos das em no na nos nas e ou que qual quais quanto como quando onde por
        pra para com sem me te se eu voce voces vc vcs ele ela isso esse essa este esta ser sao foi tem ter tenho
        quero queria gostaria saber pode podem posso favor oi ola bom boa dia tarde noite la el los las un una unos
        unas y en al del por con sin mi tu su es son hay tiene tienen quiero puedo puede cual cuanto donde cuando hola
        buenas buenos dias gracias the an is are do does did you your my me it of to in on at for and or what how much
        many when where which can could would like want have has there please hi hello i we they muito mais meu minha
        seu sua ai ja so tudo bem ainda aqui sobre ao sim nao obrigado obrigada fazer faz fica ficam vai vou ok entao
        about from with this that be will any some
        """).Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    public static IEnumerable<Regex> AnswersTo(string folded) =>
        Subjects.Where(s => s.Asked.IsIn(folded)).Select(s => s.Answered);

    /// <summary>Stems of the words that carry meaning.</summary>
    public static HashSet<string> Stems(string folded) =>
        [.. TextFold.Words(folded).Where(w => w.Length > 1 && !Noise.Contains(w)).Select(Stem)];

    // Crude on purpose: plurals, genders and most verb endings of the three languages go away.
    private static string Stem(string word) =>
        (word.Length <= 4 ? word : word[..Math.Min(word.Length - 1, 6)]).TrimEnd('s');

    [GeneratedRegex(
        @"\b(horarios?|que horas|a que hora|abre[mn]?|abert[ao]s?|aberto|fecha[mn]?|fechad[ao]|funcionamento"
        + @"|funciona[mn]? (hoje|amanha|sabado|domingo|ate|de|no|aos|que)|expediente|abiert[ao]s?|cierra[n]?"
        + @"|atiende[n]? (los|hoy|hasta)|atende[m]? (hoje|sabado|domingo|ate|aos|no|ate)|open(ing)?|hours|clos(e"
        + @"|es|ed|ing))\b", Options, Patterns.LimitMs)]
    private static partial Regex HoursWords();

    [GeneratedRegex(
        @"\b\d{1,2} ?(h|hs|hrs|horas?|am|pm|:\d\d)\b|\b\d{1,2}h\d{0,2}\b|\b(24 horas|fechad[ao]s?|cerrad[ao]s?"
        + @"|closed)\b", Options, Patterns.LimitMs)]
    private static partial Regex HoursAnswer();

    [GeneratedRegex(@"\b(precos?|valor(es)?|quanto (custa|sai|fica|e|ta|vale|cobra)\w*|custa\w*|custo|mensalidade"
        + @"|cuanto (cuesta|sale|vale|es|cobran)|cuesta\w*|precios?|how much|prices?|pricing|costs?|fee|tarifa)\b",
        Options, Patterns.LimitMs)]
    private static partial Regex PriceWords();

    [GeneratedRegex(@"(r\$|us\$|\$|€) ?\d|\b\d+([.,]\d+)? ?(reais|pesos|euros|dolares|dollars|soles)\b|\b(gratis"
        + @"|gratuit[ao]s?|free)\b", Options, Patterns.LimitMs)]
    private static partial Regex PriceAnswer();

    [GeneratedRegex(
        @"\b(onde (fica|voces|vcs|e a|esta)|enderecos?|localizac\w+|como chego|direccion|donde (estan|queda"
        + @"|esta)|ubicac\w+|address|located|location|where are you|where is the)\b", Options, Patterns.LimitMs)]
    private static partial Regex PlaceWords();

    [GeneratedRegex(
        @"\b(rua|avenida|av|praca|rodovia|bairro|enderec\w+|calle|carrera|plaza|direccion|street|road|avenue"
        + @"|address|shopping|fica (na|no|em))\b", Options, Patterns.LimitMs)]
    private static partial Regex PlaceAnswer();

    [GeneratedRegex(
        @"\b(entreg\w+|frete|delivery|envi(o|os|am|amos|an|ar|a)|prazo de entrega|ship(s|ping|ped)?|deliver(s|y"
        + @"|ies)?|reparto|domicili\w+)\b", Options, Patterns.LimitMs)]
    private static partial Regex DeliveryWords();

    [GeneratedRegex(
        @"\b(pagamento|pagar|pix|cartao|cartoes|boleto|parcel\w+|debito|pago|pagos|tarjetas?|transferencia"
        + @"|cuotas|efectivo|dinheiro|payments?|pay|cards?|cash|installments?)\b", Options, Patterns.LimitMs)]
    private static partial Regex PaymentWords();

    [GeneratedRegex(@"\b(troc(a|as|ar|o)|devol\w+|arrepend\w+|reembols\w+|cambi(o|os|ar)|devoluc\w+|returns?|refunds?"
        + @"|exchanges?)\b", Options, Patterns.LimitMs)]
    private static partial Regex ReturnWords();

    [GeneratedRegex(@"\b(garant\w+|warrant\w+|guarantee\w*)\b", Options, Patterns.LimitMs)]
    private static partial Regex WarrantyWords();
}
