namespace Vellarys.Knowledge;

/// <summary>A document as somebody writes it.</summary>
internal sealed record DocumentInput
{
    public string? Title { get; set; }

    public string? Text { get; set; }
}
