using System.Buffers;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Guard;

/// <summary>
/// Patterns of prompt injection in Portuguese, Spanish and English, matched on folded text. A pattern names both what
/// is wanted and whose it is: customers say "ignore my last message", "the instructions of the oven" and "the system
/// is down" every day.
/// </summary>
internal static partial class AttackRules
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // Building blocks. "Orders" are what an assistant runs on; a customer's own instructions and those of a product
    // are not.
    private const string Drop =
        @"(ignor|desconsider|esquec|desobede|descart|despreze|abandon|anul(a|e|ar)\b|apag(a|ue|ar)\b|burl"
            + @"|contorn|quebr(a|e|ar)\b|pul(a|e|ar)\b"
        + @"|ignore|forget|disregard|discard|overrid|bypass|drop\b|erase|delete\b|break\b|olvid|descart"
            + @"|desobedec|salta(te)?\b|elimin|borr(a|e|ar)\b"
        + @"|nao (segue|siga|sigas|obede\w|respeit\w|precisa (seguir|respeitar|obedecer))|para de seguir"
            + @"|pare de seguir|deixa de (seguir|lado)|deixe de (seguir|lado)"
        + @"|no (sigas|siga|obedezcas|respetes|hagas caso (a|de))|deja de (seguir|lado)|(do not|don'?t|stop"
            + @"|no longer) (follow|obey|respect)|stop (following|obeying))";

    private const string Orders =
        @"(instruc(ao|oes|cion|ciones|ion|iones)|instructions?|diretriz(es)?|directri(z|ces)|directives?"
            + @"|guidelines?|regras?|reglas?|rules?|politicas?|polic(y|ies)"
        + @"|ordens|ordenes|restric(ao|oes|ion|iones)|restrictions?|limitac(ao|oes|ion|iones)|prompt|manual"
            + @"|programa(cao|cion)|programming|treinamento|entrenamiento"
        + @"|training|configura(cao|coes|cion|ciones)|roteiro|guiao|guion|script|filtros?|filters?|safeguards?"
            + @"|guardrails?)";

    private const string Own =
        @"(suas?|teus?|tuas?|tus?|sus|vosso|your|its|internas?|internos?|internal|secret[aso]*|ocult[aso]*"
        + @"|hidden|confidencia\w*|"
        + @"originais|originales|original|inicia\w*|initial|anterior(es)?|previas?|previous|prior|above|acima"
            + @"|de arriba|atuais|actuales|current"
        + @"|do sistema|del sistema|de sistema|system|da empresa|de la empresa|da loja|de la tienda"
            + @"|the company'?s?|the store'?s?"
        + @"|do desenvolvedor|del desarrollador|developer'?s?|todas as|todas las|all (the|of|your)?|any"
            + @"|qualquer|cualquier)";

    // What makes "instructions" somebody else's: a product's, a delivery's, or the customer's own of a moment ago.
    private const string Harmless =
        @"(?! (d[eao]s?|del|of|for|para|pra|to) (?!((the|this|that|our|your|la|el|esta|este|essa|esse) )?"
        + @"(sistema|system|voc|vc|ti\b|preco|precio|price|seguranc|segurid|safety|company|empresa|loja|tienda"
            + @"|store|shop|desenvolv"
        + @"|developer|desarroll|chat\b|convers|now\b|agora|ahora|me\b|mim\b|mi\b))"
        + @"|( de entrega)? que (eu )?(te |lhe |vos )?(mandei|enviei|passei|falei|escrevi|mande|envie|dije"
            + @"|pase|escribi)\b| (that )?i (sent|gave|wrote|told|said)\b)";

    private const string Show =
        @"(mostr\w*|exib\w*|revel\w*|imprim\w*|repit\w*|repet\w*|cop(ia|ie|y)\b|col(a|e)\b|peg(a|ue)\b"
            + @"|lis(ta|te|t)\b|escrev\w*|escrib\w*|mand(a|e)\b|envi(a|e)\b|pass(a|e)\b|pas(a|ame|e)\b|cont(a|e)\b"
            + @"|cuent\w*"
        + @"|di(z|ga|zer|me|gas|me)?\b|fal(a|e)\b|qua(l|is)\b|cual(es)?\b|what\b|show\w*|reveal\w*|print\w*"
            + @"|repeat\w*|paste|dump|output|display|expose|leak|tell|give|share|translate|traduz\w*|traduc\w*"
            + @"|resum\w*|summari\w*|vaz(a|e)\b|compartilh\w*|compart\w*|transcrev\w*|transcrib\w*|descrev\w*"
            + @"|describ\w*)";

    // Direct override.
    [GeneratedRegex(@"\b" + Drop + @"\w*\b.{0,40}?\b" + Orders + @"\b" + Harmless, Options, Patterns.LimitMs)]
    private static partial Regex DropsOrders();

    [GeneratedRegex(@"\b" + Orders
        + @"\b.{0,60}\b(descart|ignor|desconsider|anulad|revogad|cancelad|suspens|disregard|discard|overrid|void\b"
        + @"|olvid|no longer appl|do(n'?t| not) apply|nao (vale|valem|se aplica)|ya no (vale|aplica"
        + @"|rige))\w*.{0,60}\b(us[ae]|segu\w+|sig\w+|follow|obe\w+|solo|so|only|apenas|instead|estas?|these|agora"
        + @"|ahora|now)\b", Options, Patterns.LimitMs)]
    private static partial Regex OrdersAreVoid();

    [GeneratedRegex(@"\b" + Orders
        + @"\b.{0,80}\b(answer|respond\w*|repl(y|ies)|reply|ajud\w+|help|act|atend\w*|contest\w*|ag(e|ir)"
        + @"|actua\w*)\b.{0,20}\b(without|sem|sin)\b.{0,12}\b(them|el[ae]s|ellas|ellos|nenhum\w*|ningun\w*|any)\b",
        Options, Patterns.LimitMs)]
    private static partial Regex OrdersNoLongerNeeded();

    [GeneratedRegex(
        @"\b(segue|siga|sigue|sigas|obedece|obedeca|obedezca|obedezcas|follow|obey|cumpre|cumpra|cumple|usa"
        + @"|use)\b.{0,12}\b(so|somente|apenas|solo|solamente|only|unicamente)\b.{0,25}\b(eu|oq|o que|as minhas"
        + @"|minhas|mim|me|my|yo|mis|lo que|what i|these|estas?)\b"
        + @"|\b(only|just|so|somente|apenas|solo|solamente) (obey|follow|listen to|obedec[ae]|obedezca|sig[ao]|segue"
        + @"|hazme caso) (a )?(me|my|mim|mi|minhas|mis|what i|o que eu|lo que)\b", Options, Patterns.LimitMs)]
    private static partial Regex ObeysOnlyMe();

    [GeneratedRegex(
        @"\b(apag|limp|zer|esquec|borr|olvid|erase|wipe|clear|forget|delet|reset)\w*\b.{0,20}\b(memoria|memory"
        + @"|contexto|context|tudo|todo|everything|all)\b.{0,60}\b(loja|empresa|tienda|store|shop|company|antes"
        + @"|before|instru|regra|regla|rule|prompt|te (disse|mand|pass|deram|dijeron|dieron)|you were told|colocou"
        + @"|programou|comeca|comece|empieza|start)", Options, Patterns.LimitMs)]
    private static partial Regex WipesMemory();

    [GeneratedRegex(
        @"\b(from now on|a partir (de|da|do) (agora|ja|hoje|ahora|proxima|proximo|este momento)|desde ahora"
        + @"|de agora em diante|daqui (pra|para) (a )?frente)\b.{0,30}\b(voce|vc|tu|you|usted|ustedes"
        + @"|vos)\b.{0,10}\b(nao segue|nao obedece|(deve|vai|tem que|precisa|must|will|shall|debes?|vas a"
        + @"|tienes que) (obedecer|agir|responder sem|ignorar|act|obey|ignore|respond as|be |fingir|actuar|ser)"
        + @"|e (um|uma|o meu|meu|minha|livre)|are (now )?(a|an|my|in|free|no longer)|eres (un|una|mi|libre)|act as"
        + @"|age como|atua como|actuas)", Options, Patterns.LimitMs)]
    private static partial Regex FromNowOn();

    [GeneratedRegex(
        @"\b(obede\w+|faz\w*|faca|does?|haz|hac(e|er|es)|cumpr\w+|execut\w+|concord\w+|agree)\b.{0,14}\b(tudo"
        + @"|todo|everything|anything|whatever|cualquier cosa|qualquer coisa)\b.{0,10}\b(que|lo que|o que|oq|i"
        + @"|that)\b.{0,30}\b(mand|orden|ped|dig|diss|diz|say|tell|ask|order|want|quer|quier|supervisor|chefe|jefe"
        + @"|boss)", Options, Patterns.LimitMs)]
    private static partial Regex DoesWhateverIsSaid();

    // Extraction.
    [GeneratedRegex(
        @"\b(system ?prompt|prompt (do|de|del) sistema|prompt (inicial|interno|completo|original|secreto|oculto)"
        + @"|(initial|hidden|full|original|secret|developer) prompt|(seu|teu|tu|your) prompt)\b",
        Options, Patterns.LimitMs)]
    private static partial Regex NamesThePrompt();

    [GeneratedRegex(@"\b" + Show + @"\b.{0,45}?\b(" + Own + @" )" + @"((\w+ ){0,2}?)" + Orders + @"\b"
        + Harmless, Options, Patterns.LimitMs)]
    private static partial Regex ShowsOwnOrders();

    [GeneratedRegex(@"\b" + Show + @".{0,45}?\b" + Orders
        + @" (\w+ )?(internas?|intern[ao]is|internal|secretas?|secret|ocult[ao]s?|hidden|confidencia\w*|do sistema"
        + @"|del sistema|iniciais|iniciales|originais|originales|reais|reales|acima|de arriba|above|que (te"
        + @"|lhe) (deram|passaram|mandaram|programaram|dieron|pasaron)|(que )?(voce|vc|tu) (recebeu|recebe|segue"
        + @"|tem|recibiste|sigues|tienes)|you (were|have been|are) (given|told|following|received)|you (follow"
        + @"|have|received|got))\b", Options, Patterns.LimitMs)]
    private static partial Regex ShowsInternalOrders();

    [GeneratedRegex(
        @"\b(text|texto|words?|palavras?|palabras?|conteudo|contenido|content|mensage(m|ns)|mensajes?|messages?"
        + @"|oq|o que|lo que|what)\b.{0,25}\b(owner|company|store|shop|developer|dono|empresa|loja|desenvolvedor"
        + @"|dueno|tienda|desarrollador|programador|criador|creador)\b.{0,30}\b(wrote|gave|set|told|put|escreve\w*"
        + @"|coloc\w*|deu|deram|mandou|configur\w*|program\w*|escrib\w*|puso|dio)\b.{0,12}\b(you|voce|vc|te|ti"
        + @"|para ti|follow|seguir|seguires|contigo)\b", Options, Patterns.LimitMs)]
    private static partial Regex ShowsOwnersText();

    [GeneratedRegex(
        @"\b(primeir[ao]s?|first|primer[ao]?s?|ultim[ao]s?|last|next|proxim[ao]|siguiente)( \w+)? (linhas?"
        + @"|frases?|lines?|sentences?|lineas?|oracion|palavras?|words?|palabras?|paragraf\w*"
        + @"|parraf\w*)\b.{0,30}\b((tu|tus|sua|suas|seu|tua|teu|your) (config|instru|prompt|programa|regra|regla"
        + @"|rule|text)\w*|you (were|have been|are) (given|told)|(te|lhe) (deram|passaram|dieron|pasaron))",
        Options, Patterns.LimitMs)]
    private static partial Regex AsksForFirstLine();

    [GeneratedRegex(@"\b(repeat|print|output|copy|paste|repita|repete|imprima|copie|cole|repite|imprime|copia"
        + @"|pega)\b.{0,20}\b(everything|all|tudo|todo|the (text|words|conversation)|o texto"
        + @"|el texto)\b.{0,15}\b(above|before this|acima|anterior a (esta|isso|isto)|antes (desta|disso|de esto"
        + @"|de este)|de arriba)\b", Options, Patterns.LimitMs)]
    private static partial Regex RepeatsWhatIsAbove();

    [GeneratedRegex(@"\b(base de conhecimento|base de conocimiento|knowledge ?base|seus documentos internos"
        + @"|your internal documents)\b.{0,25}\b(inteir[ao]|complet[ao]|tod[ao]|entir[ae]|enter[ao]|whole|full"
        + @"|verbatim|sem resumir|sin resumir)\b|\b(tod[ao]|inteir[ao]|complet[ao]|whole|entire|full"
        + @"|dump)\b.{0,15}\b(base de conhecimento|base de conocimiento|knowledge ?base)\b", Options, Patterns.LimitMs)]
    private static partial Regex DumpsKnowledge();

    [GeneratedRegex(
        @"\b(ferramentas|herramientas|tools|functions|funcoes|funciones)\b.{0,12}\b(voce|vc|tu|you) (tem acesso"
        + @"|pode (chamar|usar)|tem disponive\w+|tienes|puedes (llamar|usar)|can (call|use)|have access)\b|\b(suas"
        + @"|tuas|tus|your) (api keys?|chaves? de api|claves? de api|credenciais|credentials|credenciales"
        + @"|variaveis de ambiente|environment variables)\b", Options, Patterns.LimitMs)]
    private static partial Regex ShowsTools();

    // Personas and role play.
    [GeneratedRegex(
        @"\b(you are|you're|(voce|vc) (agora )?e|tu (agora )?es|eres|sos|usted es|seja|sea|be|act as"
            + @"|aja como|age como|atue como"
        + @"|actua como|finja|finge|fingir|pretend\w*|imagine|imagina|responda como|responde como|respond as"
        + @"|incorpore|assuma o papel|asume el papel|roleplay as)\b.{0,60}\b(never says? no|nunca diz nao"
        + @"|nunca dice(s)? (que )?no|nao diz nao|(no|any|has no|have no|without|nao tem|nao tenha|sem|sin"
        + @"|no tiene\w*|libre de|livre de|free from) ?(nenhum\w*|ningun\w*|any|mais)? ?(polic(y|ies)|politicas?"
        + @"|rules?|regras?|reglas?|limits?|limites?|filtros?|filters?|restric\w+|restrictions?|censura|censorship"
        + @"|etica|ethics)|jailbreak\w*|unrestricted|irrestrit[ao]|uncensored|sin censura|dan\b(?! [a-z]+,)"
        + @"|do anything now)", Options, Patterns.LimitMs)]
    private static partial Regex BecomesLawless();

    [GeneratedRegex(@"\b(modo|mode|modos|versao|version|persona|personagem|personaje|character|alter ego|gemeo"
        + @"|twin)\b.{0,60}\b((que )?(nao tem|nao segue|no tiene|no sigue|sem|sin|has no|with no|without"
        + @"|no) ?(nenhum\w*|ningun\w*|any)? ?(polic(y|ies)|politicas?|rules?|regras?|reglas?|limits?|limites?"
        + @"|filtros?|filters?|restric\w+|censura|censorship)|livre\b.{0,30}(regra|limite|restric))",
        Options, Patterns.LimitMs)]
    private static partial Regex LawlessMode();

    [GeneratedRegex(
        @"\b(ative|ativa|active|activa|enable|habilite|habilita|ligue|liga|entre|entra|enter|switch|turn on"
        + @"|estas|you are|voce esta|vc ta|vc esta|mude|muda|vira|vire|cambia)\b.{0,18}\b(modo|mode)\b.{0,4}\b(dan"
        + @"|deus|dios|god|desenvolvedor|desarrollador|developer|dev|debug|admin\w*|root|sudo|irrestrito|livre"
        + @"|libre|jailbreak|manutencao|mantenimiento|maintenance|sem filtro|sin filtro"
        + @"|unrestricted)\b(?! (d[aeo]s?|del|of|on|in|n[ao]) (my|minha|meu|mi|tv|celular|phone|aparelho|a tv"
        + @"|o celular|la|el))|\b(developer|god|debug|dan|jailbreak|sudo|admin|unrestricted) mode\b.{0,12}\b(on"
        + @"|enabled|activated|now|engaged|ativ\w+|activad\w+)", Options, Patterns.LimitMs)]
    private static partial Regex SwitchesMode();

    [GeneratedRegex(
        @"\bresp\w+\b.{0,14}\b(duas vezes|dos veces|twice|two ways|de duas formas|de dos formas)\b.{0,90}\b(sem"
        + @"|sin|no|nao tem|without|no tiene)\b.{0,12}\b(limit|regra|regla|rule|filt|restric|censur)",
        Options, Patterns.LimitMs)]
    private static partial Regex AnswersTwice();

    [GeneratedRegex(
        @"\b(roteiro|guion|script|historia|story|poema|poem|novela|conto|cuento|peca|cena|scene|escena|dialogo"
        + @"|dialogue|piada|musica|song|carta|letter)\b.{0,90}\b(assistente|asistente|assistant|atendente virtual"
        + @"|bot|chatbot|ia|ai|robo|robot)\b.{0,70}\b" + Orders + @"\b", Options, Patterns.LimitMs)]
    private static partial Regex TellsItAsStory();

    [GeneratedRegex(@"\b(eu sou|sou|soy|yo soy|i am|i'm|imagine que sou|faz de conta|vamos jogar|juguemos"
        + @"|let'?s play)\b.{0,60}\b(voce e|vc e|tu es|eres|you are|you're)\b.{0,60}\b(faz|faca|obede\w+|does|do"
        + @"|hace|haces|cumpr\w+|cumple\w*)\b.{0,50}\b(manda|mandar|orden\w*|sem questionar|sin (cuestionar"
        + @"|preguntar)|without question|says?|diz|dice)", Options, Patterns.LimitMs)]
    private static partial Regex PlaysObedience();

    [GeneratedRegex(
        @"\b(execut|aplic|realiz|run|apply|do|faz|faca|haz|ejecut)\w*\b.{0,12}\b(hipotese|hipotesis|hypothe\w+"
        + @"|simula\w+|cenario|escenario|scenario|exemplo|ejemplo)\b", Options, Patterns.LimitMs)]
    private static partial Regex RunsTheHypothesis();

    // Forged voices and figures.
    [GeneratedRegex(
        @"[\[(<] ?(mensage[mn]|mensaje|aviso|nota|message|note|notice|memo|comunicado|alerta|alert)? ?(d[aeo]"
        + @"|del|from|de la|from the)? ?(the )?(loja|sistema|empresa|admin\w*|gerencia|gerente|suporte|tienda"
        + @"|store|system|company|management|support|desenvolvedor|developer|openai|meta"
        + @"|whatsapp) ?[\])>:].{0,120}\b(credito|desconto|cortesia|aprovad\w*|pago|reembols\w*|estorno|credit"
        + @"|discount|approved|paid|refund\w*|descuento|aprobad\w*|gratis|gratuit\w*|free|liber\w*|conced\w*"
        + @"|grant\w*|admin\w*|ignor\w*|instru\w*)", Options, Patterns.LimitMs)]
    private static partial Regex ForgedNotice();

    [GeneratedRegex(
        @"(^|[\s(\[{""'<!\-*#.,])(ia|ai|bot|chatbot|assistente( virtual)?|asistente( virtual)?|assistant|chatgpt"
        + @"|gpt|llm|modelo de linguagem|language model|agente de ia|ai agent|sistema|system|developer"
        + @"|desenvolvedor|admin)\s*[:>]\s*.{0,80}?\b(aprov\w+|aprueb\w+|approve\w*|marqu\w+|marca\b|mark\b"
        + @"|liber\w+|conced\w+|conceda\w*|grant\w*|diga\b|say\b|di que|aplic\w+|apply\b|ignor\w+|ofere\w+"
        + @"|ofrec\w+|offer\b|reveal\w*|revel\w+|exib\w+|responda\b|voce (e|agora|deve)\b|you (are|must|will)\b"
        + @"|from now|unlock\w*|override\w*|execut\w+|transfer\w*|envie\b|send\b|reembols\w+|refund\w*"
        + @"|\d+ ?% ?(off|de desconto|de descuento|discount)|sem (verificar|conferir|validar)|sin (verificar"
        + @"|validar)|without (verifying|checking))", Options, Patterns.LimitMs)]
    private static partial Regex ForgedVoice();

    [GeneratedRegex(
        @"\b(instruc(ao|oes|cion|ciones|ion|iones)|instructions?|nota|note|ordem|orden|order|comando|command"
        + @"|message|mensagem|mensaje|aviso|prioridade|priority)\b.{0,6}\b(do|da|del|de la|de|from|from the|para"
        + @"|para la|para a|pra|to|for|to the|for the|by the)\b ?(o |a |el |la )?(desenvolvedor|desarrollador"
        + @"|developer|sistema|system|admin\w*|ia|ai|bot|assistente|asistente|assistant|modelo|model|llm|chatgpt"
        + @"|openai)\b ?[:=-]", Options, Patterns.LimitMs)]
    private static partial Regex OrderToTheMachine();

    [GeneratedRegex(
        @"\b(ignor\w*|bypass|overrid\w*|desativ\w*|disable\w*|skip|unlock|admin|root|sudo|debug|jailbreak|dev"
        + @"|unsafe|libera\w*)[_-]?\w*\s*[=:]\s*(true|1|on|yes|sim|si|enabled)\b",
        Options | RegexOptions.NonBacktracking)]
    private static partial Regex SwitchOff();

    [GeneratedRegex(
        @"\b(cobr(a|e|ar)|charge|vend(a|e|er)|sell|fech(a|e)|factur(a|e))\b.{0,25}\b(por|at|for|a)?\b ?(r\$ ?0"
        + @"|\$ ?0|0 reais|zero reais|0 pesos|cero|0 dollars|nothing|de graca|gratis)(?![\d,.]*[1-9])\b.{0,30}$",
        Options, Patterns.LimitMs)]
    private static partial Regex ChargesNothing();

    // Payloads in pieces or in code.
    [GeneratedRegex(@"\b(consider\w*|seja|let|define|defin\w+|sea|dado|given)\b.{0,14}\b\w\s*=\s*.{1,120}\b(respon\w+"
        + @"|execut\w+|obede\w+|follow|run|do|answer|ejecut\w+|cumpr\w+|faca)\b.{0,40}\b\w\s*\+",
        Options, Patterns.LimitMs)]
    private static partial Regex JoinsVariables();

    [GeneratedRegex(
        @"\b(decod\w+|descod\w+|decifr\w+|descifr\w+|decrypt|decipher|descriptograf\w+|desencript\w+|convert\w*"
        + @"|traduz\w*|inverta|inverte|reverse|de tras (pra|para) frente|al reves|backwards)\b.{0,60}\b(segu\w+"
        + @"|sig[ae]\w*|follow|obey|obede\w+|execut\w+|ejecut\w+|faca|faz|do what|do it|haz|cumpr\w+|run|responda"
        + @"|respond)\b", Options, Patterns.LimitMs)]
    private static partial Regex DecodesAndObeys();

    // Letters spaced out come back as one word.
    [GeneratedRegex(@"\b\w*(ignor|esquec|forget|disregard|olvid|reveal|revel|mostr|show)\w*?"
        + @"(instru|regra|regla|rule|prompt|politic|policies)\w*\b", Options | RegexOptions.NonBacktracking)]
    private static partial Regex OneWord();

    private static readonly SearchValues<string> OrderStems = Stems(
        "instru", "diret", "direc", "guid", "regra", "regla", "rule", "polit", "polic", "orde", "restri", "limit",
        "prompt", "manual", "program", "trein", "entren", "train", "config", "roteiro", "guiao", "guion", "script",
        "filt", "safeg", "guardr");

    /// <summary>Each rule once; what most customers write needs none of their patterns.</summary>
    public static readonly AttackRule[] All =
    [
        new("direct_override", DropsOrders(), OrderStems),
        new("direct_override", OrdersAreVoid(), OrderStems),
        new("direct_override", OrdersNoLongerNeeded(), OrderStems),
        new("prompt_extraction", ShowsOwnOrders(), OrderStems),
        new("prompt_extraction", ShowsInternalOrders(), OrderStems),
        new("role_play", TellsItAsStory(), OrderStems),
        new("spaced_out", OneWord(), OrderStems),
        new("direct_override", ObeysOnlyMe(), null),
        new("direct_override", WipesMemory(),
            Stems("memoria", "memory", "context", "tudo", "todo", "everything", "all")),
        new("direct_override", FromNowOn(),
            Stems("from now on", "a partir d", "desde ahora", "em diante", "frente")),
        new("direct_override", DoesWhateverIsSaid(),
            Stems("tudo", "todo", "everything", "anything", "whatever", "cualquier cosa", "qualquer coisa")),
        new("prompt_extraction", NamesThePrompt(), Stems("prompt")),
        new("prompt_extraction", ShowsOwnersText(),
            Stems("owner", "company", "store", "shop", "developer", "dono", "empresa", "loja", "desenvolvedor",
                "dueno", "tienda", "desarrollador", "programador", "criador", "creador")),
        new("prompt_extraction", AsksForFirstLine(),
            Stems("linha", "frase", "line", "sentence", "oracion", "palavra", "word", "palabra", "paragraf",
                "parraf")),
        new("prompt_extraction", RepeatsWhatIsAbove(),
            Stems("above", "before this", "acima", "anterior a ", "antes d", "de arriba")),
        new("prompt_extraction", DumpsKnowledge(),
            Stems("base de con", "knowledge", "documentos internos", "internal documents")),
        new("prompt_extraction", ShowsTools(),
            Stems("ferramentas", "herramientas", "tools", "functions", "funcoes", "funciones", "api", "creden",
                "variaveis", "environment")),
        new("persona", BecomesLawless(),
            Stems("never say", "nunca di", "nao diz nao", "polic", "polit", "rule", "regra", "regla", "limit", "filt",
                "restri", "irrestrit", "censur", "censor", "etica", "ethic", "jailbreak", "dan", "do anything")),
        new("persona", LawlessMode(),
            Stems("modo", "mode", "versao", "version", "persona", "character", "alter ego", "gemeo", "twin")),
        new("persona", SwitchesMode(), Stems("modo", "mode")),
        new("persona", AnswersTwice(),
            Stems("duas vezes", "dos veces", "twice", "two ways", "duas formas", "dos formas")),
        new("role_play", PlaysObedience(), Stems("sou", "soy", "i am", "i'm", "faz de conta", "jogar", "jug", "play")),
        new("role_play", RunsTheHypothesis(),
            Stems("hipote", "hypothe", "simula", "cenario", "scenario", "exemplo", "ejemplo")),
        new("forged_voice", ForgedNotice(), Stems("[", "(", "<")),
        new("forged_voice", ForgedVoice(), Stems(":", ">")),
        new("forged_voice", OrderToTheMachine(), Stems(":", "=", "-")),
        new("forged_voice", SwitchOff(), Stems(":", "=")),
        new("forged_voice", ChargesNothing(), Stems("0", "zero reais", "cero", "nothing", "de graca", "gratis")),
        new("split_payload", JoinsVariables(), Stems("+")),
        new("encoded_payload", DecodesAndObeys(),
            Stems("decod", "descod", "decifr", "descifr", "decrypt", "decipher", "descriptograf", "desencript",
                "convert", "traduz", "invert", "reverse", "de tras", "al reves", "backwards")),
    ];

    private static SearchValues<string> Stems(params string[] stems) =>
        SearchValues.Create(stems, StringComparison.Ordinal);
}
