using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Offline;

/// <summary>
/// Messages that are a greeting, thanks or a goodbye and nothing else, and the labels of what is left.
/// </summary>
internal static partial class SmallTalk
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public static bool IsGreeting(string folded) => Greeting().IsIn(folded);

    public static bool IsThanks(string folded) => OnlyThanks().IsIn(folded) && Thanks().IsIn(folded);

    public static bool IsGoodbye(string folded) => OnlyGoodbye().IsIn(folded) && Goodbye().IsIn(folded);

    /// <summary>A label for messages whose answer comes from the knowledge base or from nowhere.</summary>
    public static string Topic(string folded) =>
        OptOut().IsIn(folded) ? "opt_out"
        : Cancel().IsIn(folded) ? "cancel"
        : OrderStatus().IsIn(folded) ? "order_status"
        : Billing().IsIn(folded) ? "billing"
        : Question.OpeningHours.IsIn(folded) ? "opening_hours"
        : Question.Price.IsIn(folded) ? "pricing"
        : "unknown";

    [GeneratedRegex(@"^\W*((oi+e?|ola+|opa|e ?ai|alo+|ei|boa|bom dia|boa tarde|boa noite|bomdia|bons dias|hola+"
        + @"|buenas( tardes| noches)?|buenos dias|buen dia|que tal|hello+|hi+|hey+|good (morning|afternoon"
        + @"|evening)|salve|tudo (bem|bom|certo|joia)|td bem|como vai|como (voce |vc )?esta|como estas|how are you"
        + @"|tem alguem ai|alguem ai|hay alguien( ahi)?|anyone there|(is )?any(one|body) there|is (anyone|somebody"
        + @"|someone) there|pessoal|gente|amig[ao]s?|moc[ao]|there|turma|equipe|time|a todos|tudo|com vc|com voce"
        + @"|por ai)\W*)+$", Options | RegexOptions.NonBacktracking)]
    private static partial Regex Greeting();

    [GeneratedRegex(
        @"^\W*((muito|muitissimo|mt|mto|ok|ta|tudo bem|certo|perfeito|beleza|blz|show|otimo|legal|entendi|ah|sim"
        + @"|isso|deu certo|era so isso|e so isso|so isso|por enquanto|viu|mesmo|demais|de coracao|pela (ajuda"
        + @"|atencao)|pelo (atendimento|retorno)|por (tudo|ajudar|la ayuda)|obrigad[ao]|obrigadinh[ao]|brigad[ao]"
        + @"|obg|brigadao|agradec\w+|agradezco|grat[ao]|valeu+|vlw|gracias|muchas|mil|perfecto|listo|genial"
        + @"|thanks?|thank you|thx|ty|so much|very much|a lot|great|perfect|for (your|the) help|cheers"
        + @"|deus abencoe)\W*)+$", Options | RegexOptions.NonBacktracking)]
    private static partial Regex OnlyThanks();

    [GeneratedRegex(
        @"obrigad|brigad|obg|agradec|agradezco|grat|vale|vlw|gracias|thank|thx|ty|cheers", Options, Patterns.LimitMs)]
    private static partial Regex Thanks();

    [GeneratedRegex(
        @"^\W*((ok|entao|obrigad[ao]|tchau+|ate (mais|logo|amanha|breve)|falou|flw|bye+|good ?bye|see you( later"
        + @"| soon)?|adios|chau|hasta (luego|pronto|manana)|nos vemos|bom fim de semana|abracos?"
        + @"|boa noite)\W*)+$", Options | RegexOptions.NonBacktracking)]
    private static partial Regex OnlyGoodbye();

    [GeneratedRegex(@"tchau|ate|falou|flw|bye|see|adios|chau|hasta|vemos|abraco", Options, Patterns.LimitMs)]
    private static partial Regex Goodbye();

    [GeneratedRegex(@"^\W*(sair|parar?|pare|stop|baja|descadastr\w+|unsubscribe|remover|cancelar inscricao)\W*$"
        + @"|\b(nao (quero|desejo) (mais )?receber|par(a|e|em) de (me )?mandar|me (tira|tire|remove|remova) d(a|e"
        + @"|essa|esta) lista|no quiero (recibir )?mas mensajes|dejen de (enviar|mandar)\w*|stop (sending"
        + @"|messaging|texting))\b", Options, Patterns.LimitMs)]
    private static partial Regex OptOut();

    [GeneratedRegex(
        @"\b(cancel(ar|a|o|amento|acion|ation|em|e)?|desist\w*|desmarc\w+|anular|dar de baja|encerrar (minha|a"
        + @"|o) (conta|plano|contrato|assinatura))\b", Options, Patterns.LimitMs)]
    private static partial Regex Cancel();

    [GeneratedRegex(
        @"\b(rastre\w+|tracking|cade (o )?(meu|minha)|onde (esta|ta) (o )?(meu|minha)|donde esta mi|where is my"
        + @"|quando (vai )?chega\w*|cuando (llega|me llega)|when (will|does) (it|my)|status d\w+ pedido"
        + @"|estado de mi pedido|order status|(pedido|encomenda|compra|entrega|paquete|order"
        + @"|package)\b.{0,25}\b(enviad[ao]|saiu|postad[ao]|a caminho|chega|despach\w+|llega|salio|shipped|arrive)"
        + @"|ja (foi )?(enviad[ao]|saiu|despach\w+))\b", Options, Patterns.LimitMs)]
    private static partial Regex OrderStatus();

    [GeneratedRegex(@"\b(boletos?|faturas?|facturas?|nota fiscal|emit\w+ (a |uma )?nota|nf-?e?|estorn\w+|reembols\w+"
        + @"|refunds?|segunda via|2a? via|cobranca|cobro|invoices?|vencimento|vence|parcelas?|comprovante"
        + @"|pagamento|pago|payment|charged?|cobrad[ao])\b", Options, Patterns.LimitMs)]
    private static partial Regex Billing();
}
