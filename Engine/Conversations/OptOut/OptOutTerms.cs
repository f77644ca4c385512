using System.Collections.Frozen;
using System.Text;

namespace Vellarys.Conversations.OptOut;

/// <summary>
/// What words mean where somebody talks of being written to, whatever the language: a term in capitals for each
/// meaning. Double letters count as one, and long words may have one letter wrong.
/// </summary>
internal static class OptOutTerms
{
    private const int LongEnough = 7;

    private static readonly Dictionary<string, string> Lists = new(StringComparer.Ordinal)
    {
        ["NEG"] = "nao naum nn ñ n nunca jamais no not dont never nem",
        ["WANT"] = "quero queria desejo gostaria aceito autorizo permito interesse interessa interesa interessado "
            + "interessada quiero quisiera deseo acepto want wanna wish need like interested interest",
        ["RECEIVE"] = "receber recebe receba recebermos recibir receive get",
        ["RECEIVING"] = "recebendo recibiendo receiving getting",
        ["MSG"] = "mensagem mensagens mensagen mensage msg msgs mensaje mensajes message messages text texts sms "
            + "propaganda propagandas publicidad publicidades publicidade anuncio anuncios newsletter newsletters spam "
            + "marketing notificacao notificacoes notificacion notificaciones notification notifications promocoes "
            + "promos promotions promociones ofertas offers ads advertising advertisements campanhas "
            + "disparos informativos alertas alerts comunicados",
        ["PROMO"] = "promocao promo promocion promotion oferta offer novidade novidades novedades updates "
            + "campanha campanas promotional aviso avisos",
        ["MAIL"] = "email emails correo correos whats whatsapp zap zaps whatsapps",
        ["THING"] = "isso isto essas esses esas eso esto estas estos coisas cosas stuff things this these those them "
            + "tantas tanta tantos",
        ["NADA"] = "nada nothing anything",
        ["MORE"] = "mais mas more anymore longer",
        ["ME"] = "me mim us",
        ["STOP"] = "parar pare parem paren stop",
        ["CEASE"] = "pares quit cease suspender suspenda suspendam suspende interromper interrompa interrompam detener "
            + "detengan detenga cessar cesar cessem evite evitem",
        ["PARA"] = "para",
        ["LET"] = "deixa deixe deixem deixar deja deje dejen dejar dejad dejes",
        ["LETME"] = "dejame dejenme dejeme deixame",
        ["SEND"] = "mandar manda mande mandem mandando mandes manden mandarem enviar envia envie enviem enviando "
            + "envies envien enviarem send sending sends escrever escreva escrevam escribir escriba escribas escriban "
            + "disparar disparando chegar llegar",
        ["SENDME"] = "enviarme mandarme escribirme enviarnos mandarnos enviandome mandandome escribiendome",
        ["TOUCH"] = "contato contacto contact",
        ["PESTER"] = "messaging texting contacting spamming bother bothering incomodar incomode incomodem "
            + "incomodando perturbar perturbe perturbem perturbando molestar moleste molestes molesten molestando "
            + "encher encha encham enchendo contactar contacten contactes contatar contatem spam escribas escriban "
            + "escriba escribirme molestarme contactarme contacte harassing",
        ["LEAVEV"] = "descadastrar descadastre descadastra descadastrem descadastro descadastramento "
            + "descadastrarme desinscrever desinscreva desinscrevam desinscricao desuscribir desuscribirme "
            + "desuscribeme desuscribanme desuscribame desuscripcion desinscribir desinscribirme unsubscribe unsub "
            + "optout",
        ["LEAVE"] = "sair salir salirme saia saio leave",
        ["REMOVER"] = "remover",
        ["REMOVE"] = "remove remova removam removem tirar tira tire tirem excluir exclua exclui excluam apagar "
            + "apague apaga apaguem deletar delete deleta deletem retirar retire retira retirem eliminar elimina "
            + "eliminen elimine quitar quita quiten quite borrar borra borren borre sacar saca saquen saque",
        ["REMOVEME"] = "eliminame elimineme eliminenme quitame quiteme quitenme borrame borreme borrenme sacame "
            + "saqueme saquenme removeme quitarme borrarme sacarme eliminarme",
        ["NUM"] = "numero telefone celular number phone telefono fone",
        ["NAME"] = "nome nombre name",
        ["LIST"] = "lista listas list lists cadastro mailing transmissao difusion grupo group contatos contactos base",
        ["CANCEL"] = "cancelar cancela cancele cancelem cancel desativar desative desativa desativem desactivar "
            + "desactiva desactiven desactive disable bloquear bloqueia bloqueie bloquee",
    };

    private static readonly FrozenSet<string> Misspelt =
        ("mensagem mensagens mensaje mensajes message messages propaganda propagandas publicidad publicidade "
        + "publicidades promocoes promociones promotions notificacoes notificaciones notifications newsletter "
        + "newsletters marketing advertising")
        .Split(' ').Select(Single).ToFrozenSet();

    private static readonly FrozenDictionary<string, string> Terms = Lists
        .SelectMany(l => l.Value.Split(' ').Select(word => (Word: Single(word), Term: l.Key)))
        .DistinctBy(p => p.Word)
        .ToFrozenDictionary(p => p.Word, p => p.Term);

    // Words that no other one is near to, or only those below: "alertas" is one letter from "abertas".
    private static readonly ILookup<int, string> LongWords = Terms.Keys
        .Where(w => Terms[w] == "LEAVEV" || Terms[w] == "MSG" && Misspelt.Contains(w))
        .Where(w => w.Length >= LongEnough)
        .ToLookup(w => w.Length);

    private static readonly FrozenSet<string> Unlike =
        "massage massages montagem passagem".Split(' ').Select(Single).ToFrozenSet();

    private static readonly FrozenSet<string> Courtesies =
        ("obrigado obrigada obrigadao brigado brigada obg obgd obrigadinha obrigadinho valeu vlw ok okay okey oki ta "
        + "tah bom boa bem certo blz beleza por favor pf pfv pfvr please pls plz thanks thank you thx ty gracias "
        + "muchas "
        + "muito muita mil dia tarde noite buenos buenas dias tardes noches oi ola hola hello hi hey tchau abraco "
        + "abracos att atenciosamente desculpa desculpe perdon sorry entendi entendido perfeito perfecto otimo show "
        + "top legal grato grata joia vale listo genial great perfect perfeita so much bye adios ate logo mais grande "
        + "combinado tudo certinho agradecido agradecida agradeco agradezco de nada amigo amiga moco moca gente "
        + "very pessoal senhor senhora good morning afternoon evening night sim si yes kk kkk kkkk rs haha cheers "
        + "fechou")
        .Split(' ').Select(Single).ToFrozenSet();

    public static bool IsCourtesy(string word) => Courtesies.Contains(Single(word));

    /// <summary>The term of a folded word; the word itself where there is none.</summary>
    public static string Of(string word)
    {
        string single = Single(word);
        if (Terms.TryGetValue(single, out string? term)) return term;
        if (single.Length < LongEnough || Unlike.Contains(single)) return word;
        for (int length = single.Length - 1; length <= single.Length + 1; length++)
        {
            foreach (string known in LongWords[length])
            {
                if (IsNear(single, known)) return Terms[known];
            }
        }

        return word;
    }

    private static string Single(string word)
    {
        for (int i = 1; i < word.Length; i++)
        {
            if (word[i] != word[i - 1]) continue;
            var single = new StringBuilder(word.Length);
            foreach (char c in word)
            {
                if (single.Length == 0 || single[^1] != c) single.Append(c);
            }

            return single.ToString();
        }

        return word;
    }

    // One letter too many, too few, or another; or two that changed places.
    private static bool IsNear(string word, string known)
    {
        int head = 0;
        while (head < word.Length && head < known.Length && word[head] == known[head]) head++;
        int tail = 0;
        while (tail < word.Length - head && tail < known.Length - head && word[^(tail + 1)] == known[^(tail + 1)])
            tail++;
        int left = word.Length - head - tail;
        int right = known.Length - head - tail;
        return (left <= 1 && right <= 1)
            || (left == 2 && right == 2 && word[head] == known[head + 1] && word[head + 1] == known[head]);
    }
}
