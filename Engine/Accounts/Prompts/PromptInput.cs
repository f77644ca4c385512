using Vellarys.Http;

namespace Vellarys.Accounts.Prompts;

/// <summary>A new version of the prompt.</summary>
internal sealed record PromptInput
{
    private const int MaxBody = 20_000;
    private const int MaxNote = 500;

    public string? Body { get; set; }

    /// <summary>What changed, for people. Default none.</summary>
    public string? Note { get; set; }

    /// <summary>Whether the assistant is told so from now on. Default false.</summary>
    public bool Activate { get; set; }

    public IEnumerable<FieldFault> Faults()
    {
        if (TextInput.Fault(Body, MaxBody) is { } body) yield return new FieldFault("body", body);
        if (Note is not null && TextInput.Fault(Note, MaxNote) is { } note) yield return new FieldFault("note", note);
    }
}
