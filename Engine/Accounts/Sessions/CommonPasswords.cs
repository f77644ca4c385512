using System.Collections.Frozen;

namespace Vellarys.Accounts.Sessions;

/// <summary>
/// What lists of leaked passwords begin with, in the languages of the product, as words: digits and signs that are hung
/// on are cut off before the comparison, so that each stands for thousands.
/// </summary>
internal static class CommonPasswords
{
    private const string Text =
        """
        password passwort passwords pass passw senha minhasenha suasenha novasenha trocarsenha mudarsenha contrasena
        contraseña clave claves secret segredo secreto admin administrator administrador adminadmin root toor user
        usuario usuário guest convidado test teste testing testetest demo temp temporary changeme changeit letmein
        welcome bemvindo bienvenido login entrar acesso access master mestre default qwerty qwertyuiop qwertyui
        qwertyqwerty asdfgh asdfghjkl asdf zxcvbn zxcvbnm qazwsx qazwsxedc iqaz abc abcd abcde abcdef abcdefg abcdefgh
        abcdefghi abcdefghij abcabc aaaa aabbcc iloveyou teamo euteamo amor amorzinho meuamor loveyou lovely princess
        princesa sunshine monkey dragon football futebol baseball basketball superman batman spiderman pokemon naruto
        shadow michael jordan jessica ashley jennifer daniel daniela gabriel gabriela rafael rafaela lucas mateus pedro
        joao maria mariana fernanda fernando camila bruna bruno juliana carlos eduardo ricardo rodrigo leonardo amanda
        beatriz larissa leticia vanessa thiago flamengo corinthians palmeiras saopaulo santos gremio internacional vasco
        cruzeiro atletico botafogo fluminense brasil brazil argentina mexico portugal colombia jesus jesuscristo
        deusefiel deuseamor deus cristo familia family brasilia riodejaneiro minhavida felicidade liberdade estrela
        borboleta whatsapp whats zapzap facebook instagram google microsoft windows computer computador internet samsung
        iphone android company empresa office escritorio trabalho vendas atendimento suporte support service servico
        verao inverno summer winter spring autumn primavera outono january janeiro monday segunda vellarys trustno
        starwars matrix freedom whatever hello ola oi holahola helloworld ninja mustang hunter killer soccer charlie
        thomas robert matthew andrew joshua george pepper cheese ginger cookie chocolate banana orange purple flower
        flor rosa preto branco azul vermelho verde amarelo gatinho cachorro gato tigre leao passarinho
        """;

    private static readonly FrozenSet<string> Words =
        Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Also said twice, as <c>senhasenha</c>.</summary>
    public static bool Contains(string core) =>
        Words.Contains(core)
        || (core.Length % 2 == 0 && core[..(core.Length / 2)] == core[(core.Length / 2)..]
            && Words.Contains(core[..(core.Length / 2)]));
}
