using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Offline;

/// <summary>
/// How ready to buy a message sounds. Hot means now: a decision, an order, a request to pay or to reserve.
/// </summary>
internal static partial class BuyingRules
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Buy =
        @"(comprar|compro|fechar|fecho|contratar|assinar|reservar|adquirir|encomendar|pedir|agendar|marcar"
            + @"|levar|alugar|matricular|me matricular|me inscrever|inscrever|migrar|fazer (o )?upgrade|presentear"
            + @"|dar de presente|regalar|cambiarme al|upgrade|gift"
        + @"|finalizar|cerrar|llevar|llevarmelo|llevarme|alquilar|suscribirme|inscribirme|ordenar|buy|order"
            + @"|book|purchase|sign up|subscribe|rent|reserve|hire|place an order|pagar|pay|check ?out)";

    // What people also want, and is no purchase.
    private const string NoGoods =
        @"(?!(\w+ ){0,3}?(saber|ver|estorno|reembols\w*|dinheiro|dinero|refund|segunda via|2a? via|boleto"
            + @"|fatura|factura|nota|rastre\w*|codigo|atendente|gerente|humano|pessoa|persona|human|person"
        + @"|informac\w*|informa\w+|orcamento|presupuesto|quote|desconto|descuento|discount|cancel\w*|trocar"
            + @"|troca|devol\w*|catalogo|cardapio|menu|lista|preco|precio|valor|price|ajuda|ayuda|help|resposta"
            + @"|respuesta|answer|solucao|prazo|endereco|telefone|meu|minha|mi|my|que|e)\b)";

    [GeneratedRegex(@"\b(quero|qro|queria|vou|vamos|gostaria de|pretendo|decidi|posso|podemos|como (eu )?(faco"
        + @"|fazemos)? ?(pra|para)?|como|onde (eu )?(posso)?|da pra|tem como|consigo|quiero|quisiera|voy a|vamos a"
        + @"|me gustaria|puedo|podria|como (hago para|puedo)|donde puedo|i want to|i'?d like to|we want to"
        + @"|i would like to|i'?m ready to|ready to|i'?ll|can i|could i|how (do|can) i|where (do|can) i|let me"
        + @"|i need to|pode|bora)\b (ja |logo |hoje |entao |eu |te |lo |la |ahora )?" + Buy
        + @"\b(?! (para |pra )?(ver|saber|um orcamento|orcamento|informac\w+|desculpas?|ajuda|ayuda|help|um tempo"
        + @"|estorno|reembolso|a conta|o contrato antigo|el reembolso|a refund|my refund))",
        Options, Patterns.LimitMs)]
    private static partial Regex WantsToBuy();

    [GeneratedRegex(
        @"\b(vou ficar|fico|ficamos|vou|me quedo|nos quedamos) (com|con) (o|a|os|as|um|uma|el|la|los|las|este"
        + @"|esta|ese|esa|esse|essa|dois|duas|dos|\d)|\b(i'?ll|we'?ll|i will) (take|have|get|go with)\b|\b(vou"
        + @"|voy a) (querer|llevar|levar)\b|\b(me lo llevo|me la llevo|lo llevo|la llevo|lo quiero|la quiero"
        + @"|eu levo|eu compro|levo (o|a|os|as|um|uma|dois|duas|esse|essa|\d))\b", Options, Patterns.LimitMs)]
    private static partial Regex TakesIt();

    [GeneratedRegex(
        @"\b(me vend[ea]|vend[ea] (pra|para) mim|vendeme|sell me|(inscrev|matricul|cadastr|agend|reserv|marc"
        + @"|inscrib|anot)(e|a|ame|eme|em) (eu|me|nos|a gente|pra mim|meu filho|minha filha)|me (inscrev|matricul"
        + @"|agend|inscrib|anot)(e|a)|sign (me|us) up|book me|(fecho|compro|contrato|assino|cierro) (hj|hoje|agora"
        + @"|ja|na hora|hoy|ahora)|(chefe|patrao|diretor\w*|diretoria|gerencia|marido|esposa|socio|cliente|jefe"
        + @"|boss|director|wife|husband) (ja )?(aprovou|autorizou|liberou|aprobo|autorizo|approved)|(orcamento"
        + @"|proposta|presupuesto|propuesta|quote|proposal) (foi |esta |fue |is |was )?(aprovad|aprobad|approved"
        + @"|aceit))\w*", Options, Patterns.LimitMs)]
    private static partial Regex AsksToSell();

    [GeneratedRegex(
        @"\b(separ(a|e|ar|em)|reserv(a|e|ar|em|ame|eme)|guard(a|e|ar|ame)|apart(a|e|ar|ame)|hold|set aside|save"
        + @"|put aside)\b (me |ai |ja |por favor |please )?(um|uma|o|a|os|as|esse|essa|este|esta|un|una|el|la|dos"
        + @"|dois|duas|one|two|it|\d+|me)\b(?! (lugar da|data de|mensage))", Options, Patterns.LimitMs)]
    private static partial Regex SetAside();

    [GeneratedRegex(
        @"\b(mand(a|e|as|ar|em|ame|eme)|envi(a|e|as|ar|ame|eme)|pass(a|e|ar|em)|pas(a|as|ame|eme)|ger(a|e|ar|em)"
        + @"|send|give|me da|dame|faz|emite|emitir|quero|preciso|compart(e|ilha))\b (me |por favor |please |ja "
        + @"|ai )?(o |a |el |la |the |um |uma |un |una |seu |sua |su |your |tu )?(chave (do )?pix|pix|qr ?code"
        + @"|codigo qr|link (de |do |da |para |pra |para o |pra o )?(pagamento|pagar|pago|compra|comprar"
        + @"|checkout)?|link|contrato|dados (bancarios|pra|para|do) ?(pagamento|deposito|transferencia)?"
        + @"|dados da conta|numero de conta|numero de cuenta|cbu|clabe|payment link|payment details|bank details"
        + @"|contract|invoice to pay)\b(?! (do|da|de|del) (rastre|catalog|cardap|menu|site|insta|grupo|mapa"
        + @"|localiz))", Options, Patterns.LimitMs)]
    private static partial Regex AsksToPay();

    [GeneratedRegex(
        @"\b(pode(m)? (ja )?(fechar|separar|emitir|faturar|passar (no|o) cartao|mandar (o )?(boleto|contrato"
        + @"|pix)|fazer o pedido|confirmar (o|meu) pedido|anotar (o|meu) pedido|reservar)|(ta|esta|fica|negocio"
        + @"|esta) fechado|^fechad[ao]\b|^fechou\b|fechamos|vamos fechar|bora fechar|trato hecho|cerramos"
        + @"|cerrado entonces|it'?s a deal|deal!|sold!|combinado,? (pode|manda|quero)|anota(r)? (ai )?(meu"
        + @"|o) pedido|fazer (um|o|meu) pedido|hacer (un|el|mi) pedido|quero (fazer|dar) (um|a) (pedido|entrada"
        + @"|sinal)|pago (agora|hoje|ahora|hoy)|vou (pagar|fazer o pix|transferir)|aceito a proposta"
        + @"|acepto la (propuesta|oferta)|aprovad[ao],? (pode|manda)|onde (eu )?assino|donde firmo"
        + @"|where do i sign)\b", Options, Patterns.LimitMs)]
    private static partial Regex ClosesDeal();

    [GeneratedRegex(
        @"\b(quero|qro|vou querer|quiero|queremos|i want|i need|me ve|me manda|me traz|mande|manda|dame|deme"
        + @"|ponme|me das|me pones|give me|preciso de|necesito|traz) (mais )?(\d+|um|uma|dois|duas|tres|quatro"
        + @"|cinco|dez|doze|meia duzia|uma duzia|un|una|dos|cuatro|cinco|diez|one|two|three|four|five|ten|esse"
        + @"|essa|este|esta|esses|essas|aquele|aquela|ese|esa|estos|esos|this|that|these|those|o|a|os|as|el|la|los"
        + @"|las|the)\b " + NoGoods + @"\w", Options, Patterns.LimitMs)]
    private static partial Regex OrdersGoods();

    [GeneratedRegex(@"\b(nao (quero|vou|pretendo|posso|preciso)|ainda nao|no (quiero|voy a|puedo|necesito)|todavia no"
        + @"|don'?t want|not (yet|going|ready)|won'?t|se eu (fosse )?(compr|fech|lev)\w*|si (compro|llevo)"
        + @"|if i (buy|order|take)|antes de (compr|fech|contrat)\w*|before (i )?buy\w*|depois (eu )?(vejo|decido"
        + @"|compro)|so (olhando|pesquisando)|solo (miro|mirando)|just (looking|browsing)|vou pensar"
        + @"|lo voy a pensar|i'?ll think|cancel\w*|desist\w*|devol\w*|troc(ar|a)\b|reclam\w*|(ja )?(comprei|paguei"
        + @"|pedi|reservei|agendei|contratei)|ya (compre|pague|pedi)|i (already )?(bought|paid|ordered))\b",
        Options, Patterns.LimitMs)]
    private static partial Regex NotBuying();

    [GeneratedRegex(
        @"\b(quanto (custa|sai|fica|e|ta|vale|seria|cobra\w*)|qual (e )?o? ?(preco|valor)|precos?|valores?"
        + @"|orcamento|cotacao|tabela|cuanto (cuesta|sale|vale|es|cobran)|precios?|presupuesto|cotizacion|how much"
        + @"|prices?|pricing|cost|quote|parcel\w+|financ\w+|condic\w+|desconto|descuento|discount|aceita(m)? (pix"
        + @"|cartao|credito)|formas? de pagamento|formas? de pago|disponi\w+|available|availability|em estoque"
        + @"|tem (em|no|na|do|da|de)|tienen|do you have|in stock|interess\w+|interested|gostei (do|da|desse|dessa)"
        + @"|entrega(m)? (em|no|na|pra|para)|frete|envio|shipping|visita|agendar|test ?drive|demonstra\w+)\b",
        Options, Patterns.LimitMs)]
    private static partial Regex AsksTerms();

    [GeneratedRegex(@"\b(nao (tenho|estou com) interesse|nao quero( mais)?( nada)?$|sem interesse|nao me interessa"
        + @"|no me interesa|not interested|so (olhando|pesquisando)|solo mirando|just looking|just browsing"
        + @"|ja comprei (em outro|de outra)|numero errado|wrong number|numero equivocado)\b",
        Options, Patterns.LimitMs)]
    private static partial Regex Declines();

    public static Qualification Of(string folded)
    {
        if (Declines().IsIn(folded)) return Qualification.Cold;
        if (IsHot(folded)) return Qualification.Hot;
        return AsksTerms().IsIn(folded) ? Qualification.Warm : Qualification.Unknown;
    }

    public static int Score(Qualification qualification) => qualification switch
    {
        Qualification.Hot => 90,
        Qualification.Warm => 55,
        Qualification.Cold => 10,
        _ => 0,
    };

    private static bool IsHot(string folded) =>
        (WantsToBuy().IsIn(folded) || TakesIt().IsIn(folded) || AsksToSell().IsIn(folded)
            || SetAside().IsIn(folded) || AsksToPay().IsIn(folded) || ClosesDeal().IsIn(folded)
            || OrdersGoods().IsIn(folded))
        && !NotBuying().IsIn(folded);
}
