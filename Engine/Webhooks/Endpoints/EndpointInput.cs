using Vellarys.Http;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>What a caller says of an endpoint; all of it with each change.</summary>
internal sealed record EndpointInput(
    string? Url, string? Description, string[]? Events, bool? IncludesText, bool? IncludesContact, bool? Active)
{
    private const int MaxDescription = 200;

    /// <summary>Null when it is fine.</summary>
    public FieldFault? Fault(bool allowsLocal)
    {
        if (WebhookUrl.Fault(Url, allowsLocal) is { } url) return new("url", url);
        if (Description is { Length: > 0 } && TextInput.Fault(Description, MaxDescription) is { } description)
            return new("description", description);
        if (Events is not { Length: > 0 }) return new("events", "must name at least one event");
        return Events.Except(WebhookEvents.All).Any()
            ? new("events", $"must be among {string.Join(", ", WebhookEvents.All)}")
            : null;
    }
}
