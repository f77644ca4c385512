namespace Vellarys.Assistant.Offline;

/// <summary>Tells Portuguese, Spanish and English apart by the small words that only one of them has.</summary>
internal static class CustomerLanguage
{
    private static readonly HashSet<string> Portuguese = Words(
        """
        voce voces vc vcs nao oi ola obrigado obrigada brigado valeu vlw quero queria tem temos tenho qual quais
        quanto quanta meu minha meus minhas bom boa dia tarde noite pra pro com isso esse essa este um uma uns umas
        estou esta tao falar onde aqui fazer posso pode preciso ja sim mais muito chegou chega ainda foi sao voces
        dele dela nos eu ele ela seu sua ate agora hoje amanha loja atendente pessoa alguem ninguem comprar fechar
        pedido entrega entregam troca aceita aceitam abre abrem fecha horario endereco preco funciona em no na o os as
        do da dos das ao ta ou sem lembra comprei perdi deu troquei tchau gostei gostaria ajuda
        """);

    private static readonly HashSet<string> Spanish = Words(
        """
        hola usted ustedes quiero quisiera tiene tienen tengo hay cual cuales cuanto cuanta cuesta cuestan gracias
        buenos buenas dias tardes noches mi mis el la los las un una unos con eso ese esa esto estoy hablar donde aqui
        puedo puede pueden necesito ya muy llego llega todavia fue son yo ella su hasta ahora hoy manana tienda
        alguien nadie comprar cerrar pedido envio envios aceptan abren abre cierran horario direccion precio no si en
        tu vos les lo del al es y pero cuando eres estas adios ayuda
        """);

    private static readonly HashSet<string> English = Words(
        """
        hello hi hey the you your is are am do does did what how much many can could want need would like thanks thank
        please my this that with where when who which we they it its not have has there here and for of to open close
        hours price cost buy order today tomorrow speak talk person human someone delivery ship shipping bye morning
        afternoon good help
        """);

    /// <summary><c>pt-BR</c>, <c>es</c> or <c>en</c>; the tenant's own where the text does not tell.</summary>
    public static string Detect(string text, string tenantLocale)
    {
        int portuguese = 0;
        int spanish = 0;
        int english = 0;
        foreach (string word in TextFold.Words(TextFold.Fold(text)))
        {
            if (Portuguese.Contains(word)) portuguese += 2;
            if (Spanish.Contains(word)) spanish += 2;
            if (English.Contains(word)) english += 2;
        }

        // Letters say more than words.
        foreach (char c in text)
        {
            if (c is 'ã' or 'õ' or 'ç' or 'ê' or 'ô' or 'Ã' or 'Ç') portuguese += 3;
            if (c is 'ñ' or '¿' or '¡' or 'Ñ') spanish += 5;
        }

        if (portuguese > Math.Max(spanish, english)) return "pt-BR";
        if (spanish > Math.Max(portuguese, english)) return "es";
        return english > Math.Max(portuguese, spanish) ? "en" : tenantLocale;
    }

    private static HashSet<string> Words(string list) =>
        [.. list.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];
}
