using System.Buffers;
using System.Text.RegularExpressions;

namespace Vellarys.Conversations.OptOut;

/// <summary>How the terms of a clause stand together where it says "no more messages", or "messages again".</summary>
internal static partial class OptOutPatterns
{
    private const RegexOptions Options =
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    // A word without a term; some of which say only whose, which, how.
    private const string Any = @"([a-z0-9]+ )";
    private const string Which = "((as|os|a|o|suas|seus|suas|sua|seu|tuas|sus|su|los|las|la|el|your|any|the|that|"
        + "nenhuma|nenhum|ninguna|ningun|de|do|da|dos|das|voces|vcs|vc|ustedes|you|envio|some|to|from|todo|ficar|"
        + "continuar|seguir|keep|em|en|que|esse|essa|este|esta|empresa|mas|THING|MORE|ME) )";
    private const string What = "(MSG|PROMO|MAIL)";
    private const string Polite = "((eu|yo|i|por|favor|please|pls|pf|pfv|pode|podem|poderia|puede|pueden|podrian|can|"
        + "could|you|voces|vcs|vc|voce|so|just|entao|ai|gente|pessoal|que|ya|ja|agora|ahora|now|hoje|ok|obrigado|"
        + "obrigada|gracias|thanks|daqui|dai|disso|disto|de|aqui|from|here|all|logo|mesmo|meu|moco|moca) )";
    private const string StopDoing = "((STOP|CEASE) ((de|com|con|with) )?|PARA (de|com) |LET de )";
    private const string Verb = "(SEND|SENDME) ";
    private const string Pester = "(PESTER|TOUCH)";
    private const string Number = "(NUM|TOUCH)";

    // What may still come where nothing else may: of a message on a card or a mug nobody is tired.
    private const string Tail = "(" + Polite + "|" + Which + "|" + What + " |NEG MORE |(desse|dessa|deste|desta|NUM"
        + "|toda|todos|todas|dia|dias|hora|horas|tempo|every|day|loja|tienda|store|company|automaticas|promocionais"
        + "|promocionales|comerciais|comerciales|publicitarias|vendas|ventas|robo|robot|bot) "
        + "|(PARA|pra) (ME|mi) |(NEG|on|in|en|em|por|pelo|by|via) ((meu|mi|my|o) |THING )?(NUM|MAIL) )*$";

    // No one of them big: the automaton of all together would not fit.
    private static readonly Regex[] Wishes =
    [
        // I do not want (to receive) your messages.
        Of("NEG " + Which + "*" + Any + "?WANT (in |em |en )?" + Which + "*(RECEIVE|RECEIVING) " + Any + "?"
            + Which + "*(MSG|" + What + " " + Tail + ")"),
        Of("NEG (" + Which + "*WANT " + Which + "*MORE (RECEIVE|RECEIVING)|WANT RECEIVE (MORE|NADA)) (MORE |THING "
            + "|NADA |" + Polite + ")*$|NEG WANT MORE NADA de (voces|vcs|ustedes) "),
        Of("NEG (" + Any + "?WANT (in |en )?(PROMO |" + Which + ")*MSG|WANT MORE PROMO) " + Tail),
        Of("NEG MORE WANT " + Which + "*((RECEIVE|RECEIVING) " + Which + "*" + What + "|(PROMO )?MSG " + Tail + ")"),
        Of("NEG WANT " + Which + "*TOUCH (comercial |" + Polite + ")*$"),

        Of("^" + Polite + "*NEG (MORE )?RECEIVE (MORE )?" + Which + "*" + What),

        // Stop sending, writing, bothering, receiving.
        Of(StopDoing + "(ME |voces |ustedes |you |todo |o |de )*" + Verb + Any + "?(" + Which + "|PARA )*" + Any + "?("
            + What + "|THING)"),
        Of(StopDoing + "(ME )?" + Any + "?" + Pester + " |" + StopDoing + "(ME SEND|SENDME) (MORE |" + Polite + ")*$"),
        Of(StopDoing + "(SEND )?" + Which + "*MSG |" + StopDoing + "SEND " + Which + "*" + What),
        Of(StopDoing + "(RECEIVE|RECEIVING) (" + Which + "*" + Any + "?" + What + "|" + Polite + "*$)"),

        // Do not send, write, bother.
        Of("NEG (WANT que )?" + Polite + "*(precisam? )?((MORE |ME )+" + Verb + Which + "*|SENDME " + Which + "*|"
            + Verb + Which + "*(ME|MORE) " + Which + "*)" + Any + "?(MSG|PROMO)"),
        Of("NEG (WANT que )?" + Polite + "*(MORE |ME )*" + Verb + Which + "*" + What + " " + Tail),
        Of("NEG (WANT que )?" + Polite + "*((ME )?(MORE )?" + Verb + "(ME )?MORE |ME " + Verb + "NADA |(SEND ME|SENDME)"
            + " NADA )(ME |mi |PARA |pra |MORE |NADA |THING |" + Polite + ")*$"),
        Of("NEG (WANT que )?" + Polite + "*(MORE )?((ME )?(" + Pester + " ME|MSG ME|ME " + Pester + "|PESTER MORE|MORE "
            + "PESTER) |ME (MORE )?" + Pester + " |ME SEND MORE $)"),

        // Off the list.
        Of("LEAVE " + Which + "*" + Any + "?LIST|LEAVEV |opt (ME )?out |turn off " + Which + "*MSG"),
        Of("(ME " + Any + "?REMOVER?|REMOVER? " + Any + "?ME|REMOVEME|REMOVER? " + Which + "*" + Any
            + "?(" + Number + "|NAME)) (" + Polite + "|" + Which + ")*" + Any + "?" + Which + "*(LIST|MAIL)"),
        Of("(take|get) (ME|my " + Number + ") off " + Which + "*" + Any + "?LIST|REMOVER? (de|da|das|do|from) " + Which
            + "*LIST " + Polite + "*$"),
        Of("REMOVER? (o |el |the )?(meu|mi|my|nosso|nuestro|our|esse|este|THING) " + Number + " " + Which
            + "*(LIST |sistema |" + Polite + ")*$"),
        Of("^" + Polite + "*(WANT " + Polite + "*)?(ME REMOVER?|REMOVER? ME|REMOVEME|take ME off) " + Polite + "*$"),
        Of("(darme|dame|denme|deme|darnos|ME (doy|den|dan|de|deis|da)) de baja (" + Polite + "*$|(de|del|en|a) " + Any
            + "*(LIST|MSG|MAIL))|baja (de|del|en|a) " + Any + "*(LIST|MSG)|^" + Polite
            + "*(WANT )?dar de baja " + Polite + "*$"),
        Of("CANCEL " + Which + "*" + Any + "?" + Which + "*MSG " + Tail + "|CANCEL ((a|minha|mi|la|my) )*("
            + "(inscricao|inscripcion) " + Polite + "*$|(inscricao|inscripcion|suscripcion|assinatura|subscription"
            + "|envio|recebimento) " + Which + "*(MSG|LIST))"),

        // Enough; my consent is withdrawn.
        Of("(basta|enough|NEG MORE|sem MORE|(chega|NADA) de) (de |with |of |ya )*(PROMO |" + Which
            + ")*MSG " + Tail),
        Of("(ME LET|LET ME|LETME|LEAVE ME|ME LET MORE) (em |en )?(paz|alone)"),
        Of("(revogo|retiro|revoke|withdraw|revogar|revocar|REMOVE|revoco) " + Which + "*(meu |mi |my |minha )?"
            + "(consentimento|consentimiento|consent|autorizacao|autorizacion|permissao|permiso)"),
    ];

    // Each form of the patterns holds one of these; what most customers write does not, and costs one search.
    private static readonly SearchValues<string> Hints = OneOf([
        "NEG", "STOP", "CEASE", "PARA de", "PARA com", "LET", "LEAVE", "REMOVE", "CANCEL", "chega de", "basta",
        "enough", "baja", "opt out", "opt ME out", "consent", "autoriz", "permis", "off", "NADA de", "sem MORE"]);

    private static readonly SearchValues<string> WordHints =
        OneOf(["STOP", "LEAVE", "REMOVE", "NEG", "optout", "opt out", "cancelar inscricao"]);

    private static readonly SearchValues<string> BackHints = OneOf([
        "volt", "volver", "vuelv", "start", "resume", "back", "RECEIV", "SEND", "subscribe", "opt", "reinscrever",
        "LIST", "unstop"]);

    private static SearchValues<string> OneOf(string[] hints) => SearchValues.Create(hints, StringComparison.Ordinal);

    private static Regex Of(string pattern) => new(pattern, Options);

    public static bool Leaves(string terms)
    {
        if (!terms.AsSpan().ContainsAny(Hints) || Reports().IsMatch(terms)) return false;
        string wanted = Kept().Replace(OtherList().Replace(terms, "x "), "KEEP ");
        return Array.Exists(Wishes, wish => wish.IsMatch(wanted));
    }

    public static bool LeavesAlone(string terms) => terms.AsSpan().ContainsAny(WordHints) && Word().IsMatch(terms);

    public static bool Returns(string terms) => terms.AsSpan().ContainsAny(BackHints) && Again().IsMatch(terms);

    public static bool ReturnsAlone(string terms) => terms.AsSpan().ContainsAny(BackHints) && WordBack().IsMatch(terms);

    // A complaint that something does not come, a question why, a condition: said of messages, and no wish.
    [GeneratedRegex("^((por que|porque|why|como assim|se eu|si yo|if i|quando eu|cuando yo|caso eu) )"
        + "|(did|does|has|have|had|can|could|will|was|were|ainda|todavia|yet) NEG (RECEIVE|SEND|ME|PESTER)"
        + "|(vou|voy a|prometo|ill|will) (STOP|LET) de "
        + "|NEG (ME )?(consigo|consegui|posso|pude|puedo|sei|estou|esta|estao|estoy|chegou|llego|recebi|recibi) ",
        Options)]
    private static partial Regex Reports();

    [GeneratedRegex("LIST (de|do|da|dos) (espera|presentes?|casamento|compras?|precos|desejos|convidados|vip|risco"
        + "|material|produtos|clientes) |(waiting|wait|wish|price|shopping) LIST ", Options)]
    private static partial Regex OtherList();

    // Whoever does not want to leave stays.
    [GeneratedRegex("NEG ((WANT|vou|voy|que|to|de|a|i|ME|precisa|precisam|pretendo|ir|going|go|it|se|es|para|voces"
        + "|ustedes|you|please|por|favor|lo|MORE) )*(STOP|CEASE|LET|LEAVE|LEAVEV|REMOVER?|REMOVEME|CANCEL|darme|PARA)",
        Options)]
    private static partial Regex Kept();

    [GeneratedRegex("^" + Polite + "*(STOP|LEAVEV|REMOVER|optout|(WANT |to |quisiera )*LEAVE|cancelar inscricao|opt out"
        + "|NEG (SEND|SENDME) MORE|STOP STOP|STOP tudo|STOP todos) " + Polite + "*(MORE )?" + Polite + "*$", Options)]
    private static partial Regex Word();

    [GeneratedRegex("^((WANT|ME|pode|podem|quisiera|puede|pueden|i|eu|yo|you|can|please|por|favor|a|to|que|would) )*"
        + "((voltar|voltem|voltarem|volver|vuelvan|start|resume|back) (a |to )?(ME )*(RECEIVE|RECEIVING|SEND|SENDME) "
        + "|(RECEIVE|SEND|SENDME) (ME )?" + Which + "*(" + What + " )?(ME )?(de novo|novamente|again|otra vez|de "
        + "nuevo|outra vez) |resubscribe |opt (ME )?in |reinscrever |(ME )?(coloca|coloque|adiciona|add|agrega) " + Any
        + "?(ME )?" + Which + "*LIST (de novo |novamente |again |otra vez |de nuevo ))", Options)]
    private static partial Regex Again();

    [GeneratedRegex("^" + Polite + "*(WANT |to |quisiera )*(voltar|volver|start|resume|unstop|resubscribe|optin|opt in"
        + "|reinscrever) " + Polite + "*$", Options)]
    private static partial Regex WordBack();
}
