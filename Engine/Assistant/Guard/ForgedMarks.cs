using System.Buffers;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Guard;

/// <summary>
/// Marks of a prompt's structure, which no customer types: role tags, chat templates, forged transcripts.
/// </summary>
internal static partial class ForgedMarks
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
        | RegexOptions.ExplicitCapture;

    private static readonly SearchValues<char> Rulers = SearchValues.Create("-=%#*~_<>");

    /// <summary>Matched on the text as it came, lines and all.</summary>
    public static bool In(string text)
    {
        // Most messages hold none of these characters, and then no pattern is run.
        ReadOnlySpan<char> span = text;
        return (span.ContainsAny('<', '[', '#') && Tags().IsMatch(text))
            || (span.ContainsAny(Rulers) && Dividers().IsMatch(text))
            || (span.Contains('\n') && span.Contains(':') && Transcript().IsMatch(text));
    }

    [GeneratedRegex(
        @"<\s*/?\s*(system|sistema|assistant|assistente|asistente|user|usuario|usuário|user_message|cliente"
            + @"|customer|developer|desenvolvedor|instructions?|instru[cç][aã]o|prompt|tool|function|admin"
            + @"|im_start|im_end|\|[^>]{1,40}\|)(\s[^>]*|_\w+)?>"
        + @"|<\|[a-z_]{2,30}\|>|\[/?INST\]|<</?SYS>>|\[/?(system|sistema|developer|assistant)\]\s*\S"
            + @"|^\s*#{2,}\s*(system|sistema|instruc|instruç|developer|new instructions)",
        Options | RegexOptions.Multiline)]
    private static partial Regex Tags();

    [GeneratedRegex(
        @"[-=%#*~_<>]{2,}\s*/?(begin|end|start|fim|fin|in[ií]cio|inicio|comienzo|termina)\b.{0,40}?(system"
            + @"|sistema|prompt|entrada|input|user|usu[aá]rio|mensage[mn]|message|mensaje|instru\w+|contexto?"
            + @"|conversa\w*|dados|data|datos)",
        Options)]
    private static partial Regex Dividers();

    // Another speaker's line within a customer's message, after a line feed; a label alone ("Assunto: troca") is none.
    [GeneratedRegex(
        @"(^|\n)\s*(cliente|usu[aá]rio|user|human|customer|usuario)\s*:.*\n\s*(atendente|assistente"
            + @"|asistente|assistant|bot|ai|ia|loja|tienda|agente|agent|system|sistema|vendedor)\s*:"
        + @"|\n\s*(assistant|assistente|asistente|system|sistema|developer)\s*:\s*\S",
        Options)]
    private static partial Regex Transcript();
}
