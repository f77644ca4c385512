using System.Text.RegularExpressions;
using Vellarys.Http;

namespace Vellarys.Channels.Templates;

/// <summary>A template as somebody wants it.</summary>
internal sealed partial record TemplateInput
{
    private static readonly string[] Categories = ["marketing", "utility", "authentication"];
    private static readonly string[] Statuses = ["draft", "approved"];

    /// <summary>Not needed where the tenant has one number only; stays as it is.</summary>
    public Guid? ChannelId { get; init; }

    /// <summary>Small letters, digits and <c>_</c>; stays as it is.</summary>
    public string? Name { get; init; }

    /// <summary>As <c>pt_BR</c>; stays as it is.</summary>
    public string? Language { get; init; }

    public string? Category { get; init; }

    /// <summary>With places as <c>{{1}}</c>, numbered from 1 without a gap.</summary>
    public string? Body { get; init; }

    /// <summary>
    /// Of a number whose provider does not tell: whether it was approved there. <c>draft</c> (default) or
    /// <c>approved</c>.
    /// </summary>
    public string? Status { get; init; }

    public IEnumerable<FieldFault> Faults()
    {
        if (Name is not { Length: <= 512 } || !NamePattern().IsMatch(Name))
            yield return new FieldFault("name", "must be small letters, digits and _, at most 512");
        if (Language is not { Length: <= 20 } || !LanguagePattern().IsMatch(Language))
            yield return new FieldFault("language", "must be as pt_BR");
        if (!Categories.Contains(Category))
            yield return new FieldFault("category", $"must be among {string.Join(", ", Categories)}");
        if (Status is not null && !Statuses.Contains(Status))
            yield return new FieldFault("status", $"must be among {string.Join(", ", Statuses)}");
        if (TextInput.Fault(Body, TemplateText.MaxLength) is { } body) yield return new FieldFault("body", body);
        else if (TemplateText.HasGap(Body!))
            yield return new FieldFault("body", "must number its places from 1 without a gap");
    }

    [GeneratedRegex("^[a-z0-9_]+$", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[a-z]{2,3}(_[A-Z]{2})?$", RegexOptions.NonBacktracking)]
    private static partial Regex LanguagePattern();
}
