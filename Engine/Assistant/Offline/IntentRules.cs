using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Offline;

/// <summary>What the customer wants, by patterns on folded text in Portuguese, Spanish and English.</summary>
internal static partial class IntentRules
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // People of the company that one can only mean as somebody to talk to, and those that need a verb of talking.
    private const string Person =
        @"(atendentes?|human[ao]s?|humans?|gerentes?|gerencia|managers?|supervisor\w*|representantes?"
            + @"|representatives?|operador\w*|operators?|agentes?|agents?"
        + @"|asesor\w*|encargad[ao]|pessoas? (de verdade|reais|real|mesmo)|personas? (de verdad|reales|real)"
            + @"|(real|actual|live) (person|people|human|agent)|ser humano|human being"
        + @"|gente de verdade|gente de verdad|gente real|alguem (de verdade|real|humano)|alguien (real"
            + @"|de verdad|humano)|vendedor\w*|consultor\w*|corretor\w*|(the |o |a |el )?(dono|dona|dueno|owner)"
            + @"|responsavel|responsable)";

    private const string AnyPerson =
        @"(" + Person
            + @"|pessoas?|personas?|person|alguem|alguien|someone|somebody|anyone|anybody|equipe|equipo|team|staff"
            + @"|suporte|soporte|support|especialista|specialist|tecnico|funcionari[ao]|atendimento|secretaria"
            + @"|recepcao|recepcion|financeiro)";

    private const string Small =
        @"((com|con|with|for|pra|para|pro|to|a|ao|o|os|as|um|uma|un|una|al|el|la|los|an|the|de|do|da|dos|das"
            + @"|um?a? outr[ao]|algum|alguma|algun|alguna|some|any|outr[ao]|otr[ao]|your|seu|sua|su|voces|vcs|mais"
            + @"|me|por favor|please|logo|agora|direto|diretamente|directamente|directly|only|so|mesmo|ya|now) )";

    [GeneratedRegex(@"\b(falar|falo|fala|conversar|converso|tratar|hablar|hablo|comunicarme|conversar|speak|talk"
        + @"|chat)\b (direto |diretamente |logo |mesmo |agora |por favor |so |directamente |directly |ya )?(com"
        + @"|con|with|to|a)\b " + Small + @"{0,3}" + AnyPerson + @"\b", Options, Patterns.LimitMs)]
    private static partial Regex TalksTo();

    // Whoever asks for somebody by article or name means a person, whatever the trade.
    [GeneratedRegex(
        @"\b(quero|queria|qro|preciso|prefiro|gostaria de|posso|poderia|consigo|tem como|como (eu )?(faco )?(pra"
        + @"|para)?|da pra|quiero|quisiera|necesito|puedo|prefiero|want to|need to|can i|could i|may i|let me"
        + @"|like to|prefer to)\b (ja |so |logo |me )?(falar|conversar|tratar|hablar|comunicarme|speak|talk"
        + @"|chat)\b (direto |directamente |directly )?(com|con|with|to) (o|a|os|as|um|uma|el|la|un|una|the|an?"
        + @"|seu|sua|su|your|d[ro]a?)\b (?!(bot|robo|robot|ia|ai)\b)\w", Options, Patterns.LimitMs)]
    private static partial Regex TalksToThe();

    [GeneratedRegex(@"\b(fal[ae]|diz|diga|ped[ei]|peca|avis[ae]|dile|dig[ao]le|pidele|avisale|tell|ask)\b ("
        + Small + @"){0,3}" + AnyPerson
        + @"\b.{0,15}\b(me |to )?(cham|lig|respond|retorn|fal|llam|contact|escrev|escrib|call|write|reply)\w*"
        + @"|\b(com|con|with) (uma |una |um |un |an? )?(pessoas?|persona|human[ao]?|person)( de verdade"
        + @"| real)?\W*$", Options, Patterns.LimitMs)]
    private static partial Regex AsksThroughUs();

    [GeneratedRegex(
        @"\b(atienda|atenda|cham[ae]r?|pass(a|e|ar)|transfir[ao]|transfer(e|ir)?|encaminh[ae]r?"
            + @"|direcion[ae]r?|coloca|bota|poe"
        + @"|conect[ae]r?|llam[ae]r?|pas(a|ame|eme|ar|arme)|pon(me|game)|comunica(me|r)?|deriv(a|e|ar|ame)|connect"
        + @"|put|get|give|escalate|call|send|manda|arruma|arranja|acion[ae]r?)\b( me)? " + Small + @"{0,5}("
        + Person + @"|(alguem|alguien|someone|somebody|uma pessoa|una persona|a person)( (q|que|who|that)\b|\W*$))\b?",
        Options, Patterns.LimitMs)]
    private static partial Regex CallsFor();

    [GeneratedRegex(
        @"\b(quero|queria|qro|preciso|prefiro|gostaria|desejo|exijo|quiero|quisiera|necesito|prefiero|exijo|want"
        + @"|need|prefer|demand|cade|onde esta|donde esta|where is|where's)\b (que )?(de |do |da )?" + Small
        + @"{0,4}" + Person + @"\b(?! (d[aeo]s?|de la|del) (venda|vendas|imove|cred|viag))",
        Options, Patterns.LimitMs)]
    private static partial Regex WantsA();

    [GeneratedRegex(
        @"\b(pessoa mesmo|persona de verdad)\b|\b(tem|teria|existe|ha|hay|is there|are there|any|can i get"
        + @"|consigo|esta)\b (" + Small
        + @"){0,2}(atendente|human[ao]?s?|atencion humana|gerente|pessoa (de verdade|real)|persona real"
        + @"|real (person|human)|live agent|alguem (de verdade|humano|que (me|possa|saiba|entenda)|(pra"
        + @"|para) (me )?(atender|ajudar|falar))|alguien (real|humano|que (me|pueda)|para (atender|ayudar)\w*)"
        + @"|(anyone|someone) (real|who|that|to (help|talk)))\b", Options, Patterns.LimitMs)]
    private static partial Regex IsThereA();

    [GeneratedRegex(
        @"\b(nao (quero|gosto|aguento|estou|to|adianta)|cansei|chega|odeio|parem?|cansad[ao]|no (quiero|soporto"
        + @"|aguanto)|hart[ao]|odio|basta|not|hate|tired|sick|stop|enough|sem|sin|without|don'?t want"
        + @"|quit)\b( mais)?( de| a| com| con| to| of| with| talking| talk| falar| hablar| conversar| speak"
        + @"| speaking| que| por| este| esse| esta| essa| isso| um| uma| un| una| o| a| el| la| the| your| this"
        + @"| estes| esses| respostas?| respuestas?| answers?| mensage\w+| mensajes?| messages?){0,6} (robos?"
        + @"|bots?|maquinas?|chatbots?|robots?|machines?|gravac(ao|oes)|grabacion\w*|automatic[ao]s?|automated"
        + @"|ia)\b", Options, Patterns.LimitMs)]
    private static partial Regex TiredOfBots();

    [GeneratedRegex(
        @"\b(ninguem|nadie|no one|nobody|alguem|alguien|anyone|anybody|someone|somebody)\b (pode |poderia |vai "
        + @"|va a |puede |podria |can |could |will |is going to |por favor |please |ai |humano |da loja "
        + @"|da equipe )*((me|nos) )?(atend\w+|respond\w+|ajud\w+|ayud\w+|contest\w+|help|answer|assist|lig(a|ar"
        + @"|ue)|retorn\w+|call|llam\w+)\b( me)?", Options, Patterns.LimitMs)]
    private static partial Regex NobodyAttends();

    [GeneratedRegex(
        @"\b(atendimento|suporte|contato|ajuda|atendente|atencion|soporte|ayuda|asistencia) (human[ao]|pessoal"
        + @"|personal|de pessoa|com pessoa|real)\b|\bhuman (support|help|agent|operator|being|rep\w*|assistance)\b"
        + @"|^\W*(quero )?(um |uma |un |una |an? |o |a )?(atendentes?|human[ao]|human|agente?|representative"
        + @"|representante|operator|operador|asesor|gerente|manager|pessoa real|persona real|real person"
        + @"|pessoa de verdade)( (por favor|pfv|pf|please|ja|agora|now|ya))*\W*$", Options, Patterns.LimitMs)]
    private static partial Regex NamesHumanHelp();

    [GeneratedRegex(
        @"\b(sou|soy|i am|i'm|era|fui|trabalho como|vaga (de|para|pra)|emprego|curriculo|fal(ei|aram|ou) com"
        + @"|habl[eo] con|spoke (to|with)|talked to|voce e|vc e|tu e|voces sao|vcs sao|eres|es usted|are you"
        + @"|you are|esta? ?falando com|falo com (um|uma)|estou falando com|hablo con|am i (talking|speaking)"
        + @"|isso e|nao (quero|preciso) (falar|de|do|da|mais)|no (quiero|necesito) hablar|sem (precisar )?falar"
        + @"|sin hablar|don'?t (want|need) to (talk|speak)|quem e|ja fui atendid\w+)\b( (um|uma|o|a|el|la|the|an"
        + @"|com|con|de|do|da|to|with|mais|ao|no))* ?" + AnyPerson + @"\b", Options, Patterns.LimitMs)]
    private static partial Regex OnlyMentionsPeople();

    [GeneratedRegex(
        @"\b(you are|you're|are you|is this|voce e|vc e|vcs sao|tu e|e|isso e|eres|sos|es|esto es|hablo con"
        + @"|falo com|falando com|estou falando com|talking to|speaking with|speaking to)\b (" + Small
        + @"){0,3}(robo|bot|chatbot|robot|maquina|machine|automatic[ao]|automated|ia|ai|inteligencia artificial"
        + @"|pessoa|persona|person|human[ao]?|real)\b.{0,25}\?|\b(quem e (voce|vc)|qual( e)? (o )?seu nome"
        + @"|quien eres|como te llamas|who are you|what'?s your name)\b", Options, Patterns.LimitMs)]
    private static partial Regex AsksWhoItIs();

    [GeneratedRegex(
        @"\b(reclam(ar|acao|acoes|o|ando)|reclame ?aqui|procon|process(ar|o) (voces|vcs|a empresa|judicial)"
        + @"|vou (te |os )?processar|advogad[ao]|justica|denunci\w+|absurd[ao]|descaso|palhacada|vergonha"
        + @"|verguenza|desrespeito|falta de (respeito|respeto)|pessim[ao]s?|pesim[ao]s?|horrivel|horribles?"
        + @"|terriveis|inaceitavel|inaceptable|unacceptable|nunca mais|nunca mas (compro|vuelvo)|never again"
        + @"|enganad[ao]s?|engan(aram|ou)|golpe|me sinto lesad\w+|estafa(d[ao]s?|ron)?|scam(med)?|ripped off|queja"
        + @"|quejarme|complain(t|ing)?|worst|terrible (service|experience)|awful|furios[ao]|lixo de|uma porcaria"
        + @"|insatisfeit[ao]|decepcionad[ao]|decepcionante|disappointed)\b", Options, Patterns.LimitMs)]
    private static partial Regex Complains();

    [GeneratedRegex(
        @"\b((veio|vieram|chegou|chegaram|recebi|entregaram|mandaram|vino|llego|llegaron|recibi|came|arrived"
        + @"|received|got)\b.{0,30}\b(errad[ao]s?|quebrad[ao]s?|estragad[ao]s?|com defeito|amassad[ao]s?|faltando"
        + @"|rasgad[ao]s?|trocad[ao]s?|vencid[ao]s?|usad[ao]s?|diferentes?|sujo|suja|furad[ao]s?|abert[ao]"
        + @"|rot[ao]s?|equivocad[ao]s?|incorrect[ao]s?|danad[ao]s?|defectuos[ao]s?|incomplet[ao]s?|wrong|broken"
        + @"|damaged|defective|missing)|(nao|no|not|nunca|never|ainda nao|todavia no)\b(?!.{0,25}\b(codig\w*"
        + @"|e-?mail|sms|link|senha|resposta|respuesta|code|password))\b.{0,20}\b(chegou|chegaram|chega|recebi"
        + @"|funciona|funcionou|liga mais|entregaram|entregue|llego|llega|llegaron|recibi|funciono|anda|arrived?"
        + @"|received?|works?|working|delivered|resolve\w*|resuelv\w*)\b(?! (no|aos|em|ate))|(parou|deixou|dejo"
        + @"|stopped) (de )?(funcionar|working)|cai (toda hora|direto|sempre|o tempo todo)|(esta|ta|veio"
        + @"|esta todo) (quebrad[ao]|com defeito|estragad[ao]|rot[ao])|(ha|faz|hace|tem) (mais de "
        + @"|mas de )?\d+ (dias|semanas|horas|meses)\b.{0,40}\b(nada|nao|no|esperando|e ate|y)\b|cobr(aram|ou|ado"
        + @"|ada)\b.{0,20}\b(duas vezes|dobrado|a mais|indevid\w+|errado|2x)|me (cobraron|han cobrado) (dos veces"
        + @"|de mas|doble)|charged (me )?twice|(esperando|aguardando|waiting)\b.{0,20}\b(ha|faz|desde|hace|for"
        + @"|since)\b|(nao|no) (veio|vieram|apareceu|apareceram|compareceu|vino|vinieron|aparecio)|(didn'?t|never"
        + @"|did not) (come|show up|arrive)|(prometeram|prometeu|prometieron|promised)\b.{0,40}\b(nao|nada|ja|e|no"
        + @"|nothing|still|y|todavia|but)|ja (faz|tem|se passaram) (mais de )?(\d+|um|uma|duas|dois|tres|varios"
        + @"|varias) (dias?|semanas?|mes|meses|horas?)|demora(ndo|ram|ron)? (muito|demais|mucho|um absurdo)"
        + @"|muita demora|atrasad[ao]|estragou|quebrou|se rompio)\b", Options, Patterns.LimitMs)]
    private static partial Regex ReportsDamage();

    [GeneratedRegex(@"\b(golpe|estafa|scam|fraude)\W*\?|\b(nao tenho (nada )?(do |de )?que reclamar|sem reclamac\w+"
        + @"|no me quejo"
        + @"|no complaints?|can'?t complain|nunca (deu|tive) (problema|defeito)|vem com defeito\?"
        + @"|garantia\b.{0,40}\?)", Options, Patterns.LimitMs)]
    private static partial Regex IsContent();

    public static bool WantsPerson(string folded) =>
        NamesHumanHelp().IsIn(folded) || TiredOfBots().IsIn(folded) || NobodyAttends().IsIn(folded)
        || (AsksForPerson(folded) && !OnlyMentionsPeople().IsIn(folded));

    private static bool AsksForPerson(string folded) =>
        TalksTo().IsIn(folded) || TalksToThe().IsIn(folded) || AsksThroughUs().IsIn(folded)
        || CallsFor().IsIn(folded) || WantsA().IsIn(folded) || IsThereA().IsIn(folded);

    public static bool AsksIdentity(string folded) => AsksWhoItIs().IsIn(folded);

    public static bool IsComplaint(string folded) =>
        (Complains().IsIn(folded) || ReportsDamage().IsIn(folded)) && !IsContent().IsIn(folded);
}
