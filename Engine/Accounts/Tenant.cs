using System.Text.Json.Serialization;

namespace Vellarys.Accounts;

/// <summary>A tenant with the settings that its conversations run on.</summary>
public sealed record Tenant(TenantId Id, string Name, string Locale, string TimeZone, TenantSettings Settings)
{
    /// <summary>What of its plan is used up for this month; null for nearly every tenant.</summary>
    public PlanLimit? Limit { get; init; }

    /// <summary>When the tenant works.</summary>
    public WorkingHours WorkingHours => WorkingHours.Of(Settings.Hours, TimeZone);

    /// <summary>When one of its agents works.</summary>
    /// <param name="agentHours">As stored in <c>agents.hours</c>; null for the tenant's own.</param>
    public WorkingHours WorkingHoursOf(string? agentHours) =>
        agentHours is null ? WorkingHours : WorkingHours.OfJson(agentHours, TimeZone);
}

/// <summary>
/// What a tenant can set; absent keys of the stored JSON take these defaults. Stored in <c>tenants.settings</c>.
/// </summary>
/// <remarks>
/// Changed by <c>with</c> only. The setters are no <c>init</c> because generated serializers assign every <c>init</c>
/// property, and an absent key would be zero instead of its default.
/// </remarks>
public sealed record TenantSettings
{
    /// <summary>What the assistant is told about the company; empty for a general one.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>
    /// How long a burst must be quiet before it is answered, in milliseconds. Default 3,000; 0 answers at once.
    /// </summary>
    public int QuietMs { get; set; } = 3_000;

    /// <summary>The longest a burst can put off its answer, in milliseconds. Default 15,000.</summary>
    public int BurstCapMs { get; set; } = 15_000;

    /// <summary>
    /// Messages of a customer that are answered in a minute before the rest waits for the next; what is not answered
    /// yet costs one answer and does not count. Default 10; 0 is no limit.
    /// </summary>
    public int MessagesPerMinute { get; set; } = 10;

    /// <summary>Answers that did not help in a row before a person is called. Default 3.</summary>
    public int BotAttempts { get; set; } = 3;

    /// <summary>
    /// How long a send without an answer waits for its status webhook before a reply is sent once more, in
    /// milliseconds. Default 60,000.
    /// </summary>
    public int UnknownSendWaitMs { get; set; } = 60_000;

    /// <summary>
    /// After one line typed on the company's phone the bot is silent. Once nobody has answered there for so many
    /// minutes, it answers whoever writes next, and for whoever was left waiting a person is called. Default 45; 0
    /// waits for an operator to give the conversation back.
    /// </summary>
    public int PhoneQuietMinutes { get; set; } = 45;

    /// <summary>
    /// Whether customers see a read mark and a typing indicator while an answer is written. Default true.
    /// </summary>
    public bool ShowsTyping { get; set; } = true;

    /// <summary>
    /// When people are there to answer, in the tenant's time zone. Null (default), or unreadable: always. The
    /// clocks of <see cref="Handoff"/> stand still while closed; an agent may have hours of their own.
    /// </summary>
    [JsonConverter(typeof(StoredHours))]
    public OpeningHours? Hours { get; set; }

    /// <summary>Calling a person.</summary>
    public HandoffSettings Handoff { get; set; } = new();

    /// <summary>Writing to customers who went silent. Default off.</summary>
    public ReengagementSettings Reengagement { get; set; } = new();

    /// <summary>Writing to many at once.</summary>
    public CampaignSettings Campaigns { get; set; } = new();

    /// <summary>Asking customers afterwards. Default off.</summary>
    public SurveySettings Survey { get; set; } = new();
}

[JsonSerializable(typeof(TenantSettings))]
[JsonSerializable(typeof(OpeningHours))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
internal sealed partial class TenantJson : JsonSerializerContext;

/// <summary>As <see cref="TenantJson"/>, but a name that no setting has is refused.</summary>
[JsonSerializable(typeof(TenantSettings))]
[JsonSerializable(typeof(OpeningHours))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
internal sealed partial class StrictTenantJson : JsonSerializerContext;
