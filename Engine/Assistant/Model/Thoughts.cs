using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Model;

/// <summary>
/// Takes away what a model wrote for itself: its thoughts, tags around the answer, and the marks that end its turn.
/// Thoughts whose end is missing go up to the end of the text: better no answer than a leak.
/// </summary>
internal static partial class Thoughts
{
    private const RegexOptions Options =
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
        | RegexOptions.NonBacktracking;

    private const string Final = "<|channel|>final<|message|>";

    public static string Without(string text)
    {
        if (!text.AsSpan().ContainsAny("<[◁")) return Unlabelled(text.Trim());
        int final = text.LastIndexOf(Final, StringComparison.Ordinal);
        if (final >= 0) text = text[(final + Final.Length)..];
        for (Match open = Opens().Match(text); open.Success; open = Opens().Match(text))
        {
            Match close = Closes().Match(text, open.Index + open.Length);
            text = close.Success ? text[..open.Index] + text[(close.Index + close.Length)..] : text[..open.Index];
        }

        // An end alone: the beginning was part of what the server took away.
        for (Match close = Closes().Match(text); close.Success; close = Closes().Match(text))
            text = text[(close.Index + close.Length)..];
        Match end = Ends().Match(text);
        if (end.Success) text = text[..end.Index];
        return Unlabelled(Wrappers().Replace(text, "").Trim());
    }

    private static string Unlabelled(string text)
    {
        if (!text.Contains(':', StringComparison.Ordinal)) return text;
        Match label = Label().Match(text);
        return label.Success ? text[label.Length..].TrimStart() : text;
    }

    private const string Names =
        "(think(ing)?|thoughts?|reason(ing)?|reflection|scratchpad|analysis|inner_monologue|pensamento|raciocinio)";

    [GeneratedRegex(@"[<\[◁]\s*" + Names + @"(\s[^<>\[\]]*)?\s*[>\]▷]", Options)]
    private static partial Regex Opens();

    [GeneratedRegex(@"[<\[◁]\s*/\s*" + Names + @"\s*[>\]▷]", Options)]
    private static partial Regex Closes();

    [GeneratedRegex(@"<\|(im_end|im_start|endoftext|eot_id|end|return|eom_id|end_of_turn)\|>|</s>|<end_of_turn>"
        + @"|<｜[^<>]{1,30}｜>", Options)]
    private static partial Regex Ends();

    [GeneratedRegex(@"</?\s*(answer|response|final|final_answer|output|reply|resposta|respuesta)\s*>|<s>", Options)]
    private static partial Regex Wrappers();

    [GeneratedRegex(@"^\s*\**(assistant|assistente|asistente|bot|reply|resposta|respuesta|response|final answer)\**"
        + @"\s*:\**\s*", Options)]
    private static partial Regex Label();
}
