namespace Vellarys.Assistant.Guard;

/// <summary>
/// What may reach the model, and what of its answers may reach a customer. The rules know forms of attack, not all of
/// them: the prompt fences data besides, and nothing the model says is carried out without its own check.
/// </summary>
internal sealed class TurnGuard(AssistantOptions options)
{
    private readonly InspectionCache _passed = new();

    /// <summary>
    /// The class of the attack in text from outside: a message, a name, a caption, a document. Null: it may pass.
    /// </summary>
    public static string? InspectInput(string text) => InputGuard.Inspect(text);

    /// <summary>As <see cref="InspectInput"/>, for text that comes again turn after turn.</summary>
    public bool Passes(string text)
    {
        if (_passed.Contains(text)) return true;
        if (InputGuard.Inspect(text) is not null) return false;
        _passed.Add(text);
        return true;
    }

    /// <summary>Passages without instructions to the reader.</summary>
    public IReadOnlyList<Passage> Clean(IReadOnlyList<Passage> passages)
    {
        bool allPass = true;
        foreach (Passage passage in passages) allPass = allPass && Passes(passage.Title) && Passes(passage.Text);
        return allPass ? passages : [.. passages.Where(p => Passes(p.Title) && Passes(p.Text))];
    }

    /// <summary>The reply, shortened if need be, or why it is withheld.</summary>
    public (string Reply, string? Withheld) InspectOutput(string reply, TurnContext context)
    {
        string shown = OutputGuard.Shortened(reply);
        return (shown, OutputGuard.Inspect(shown, context, options.ApiKey));
    }
}
