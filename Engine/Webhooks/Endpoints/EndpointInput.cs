using Vellarys.Http;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>What a caller says of an endpoint; all of it with each change.</summary>
internal sealed record EndpointInput(
    string? Url, string? Description, string[]? Events, bool? IncludesText, bool? IncludesContact, bool? Active)
{
    private const int MaxDescription = 200;

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public FieldFault? Fault(bool allowsLocal) => Faults(allowsLocal).FirstOrDefault();

    /// <summary>Everything that is wrong.</summary>
    public IEnumerable<FieldFault> Faults(bool allowsLocal)
    {
        if (WebhookUrl.Fault(Url, allowsLocal) is { } url) yield return new("url", url);
        if (Description is { Length: > 0 } && TextInput.Fault(Description, MaxDescription) is { } description)
            yield return new("description", description);
        if (Events is not { Length: > 0 }) yield return new("events", "must name at least one event");
        else if (Events.Except(WebhookEvents.All).Any())
            yield return new("events", $"must be among {string.Join(", ", WebhookEvents.All)}");
    }
}
