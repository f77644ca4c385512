namespace Vellarys.Flows.Campaign;

/// <summary>One recipient on the way out.</summary>
/// <param name="Message">The id that the message gets.</param>
/// <param name="At">Not sent before that.</param>
internal sealed record ReleasedRecipient(Guid Contact, Guid Message, CampaignMessage Content, DateTimeOffset At);
