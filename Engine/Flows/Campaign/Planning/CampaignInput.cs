using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vellarys.Accounts;
using Vellarys.Channels.Templates;
using Vellarys.Http;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>Checks what somebody asks for, and says all that is wrong with it at once.</summary>
internal sealed class CampaignInput(CampaignSettings settings)
{
    public const int MaxContacts = 1_000;
    public const int MaxIntervalMs = 3_600_000;

    private const int MaxName = 200;
    private const int MaxVariants = 5;
    private const int MaxParameters = 20;

    private static readonly string[] Qualifications = ["unknown", "cold", "warm", "hot"];
    private static readonly string[] LeadStatuses = ["open", "won", "lost"];
    private static readonly string[] Categories = ["marketing", "utility", "authentication"];

    private readonly List<FieldFault> _faults = [];

    public IReadOnlyList<FieldFault> Faults => _faults;

    /// <summary>Only to be used where there are no <see cref="Faults"/>.</summary>
    public NewCampaign Read(CampaignBody body)
    {
        if (TextInput.Fault(body.Name, MaxName) is { } name) Refuse("name", name);
        IReadOnlyList<CampaignVariant> variants = ReadVariants(body);
        ReadAudience(body);
        if (body.StartAt is not null && body.Start is not true) Refuse("startAt", "goes with start only");
        RolloutBody rollout = body.Rollout ?? new();
        return new NewCampaign(
            body.Name?.Trim() ?? "", body.ChannelId, variants,
            Within("intervalMs", body.IntervalMs ?? 0, MaxIntervalMs),
            Within("rollout.first", rollout.First ?? settings.FirstStage, 10_000),
            Within("rollout.waitSeconds", rollout.WaitSeconds ?? settings.StageSeconds, 3_600),
            Within("rollout.maxFailurePercent", rollout.MaxFailurePercent ?? settings.MaxFailurePercent, 100),
            body.Start is true, body.StartAt)
        {
            Contacts = body.ContactIds?.Distinct().ToArray(),
            Field = Holding(body.Audience?.Field),
            Qualifications = body.Audience?.Qualification?.ToArray(),
            LeadStatus = body.Audience?.LeadStatus,
            SeenAfter = body.Audience?.SeenAfter,
            SeenBefore = body.Audience?.SeenBefore,
        };
    }

    private static string? Holding(FieldBody? field) =>
        field is not { Name: not null } || FaultOf(field.Value) is not null
            ? null
            : new JsonObject { [field.Name] = JsonNode.Parse(field.Value.GetRawText()) }.ToJsonString();

    private static string? FaultOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? StoredJson.Fault(value)
            : "must be a text, a number, true or false";

    private void ReadAudience(CampaignBody body)
    {
        if ((body.ContactIds is null) == (body.Audience is null))
            Refuse("contactIds", "is required, or audience instead of it");
        if (body.ContactIds is { Count: < 1 or > MaxContacts })
            Refuse("contactIds", $"must be 1 to {MaxContacts} ids");
        if (body.Audience is not { } audience) return;
        if (audience.Field is { } field)
        {
            if (TextInput.Fault(field.Name, 100) is { } fault) Refuse("audience.field.name", fault);
            if (FaultOf(field.Value) is { } unfit) Refuse("audience.field.value", unfit);
        }

        if (audience.Qualification is { } wanted && (wanted.Count == 0 || wanted.Except(Qualifications).Any()))
            Refuse("audience.qualification", $"must be among {string.Join(", ", Qualifications)}");
        if (audience.LeadStatus is { } status && !LeadStatuses.Contains(status))
            Refuse("audience.leadStatus", $"must be among {string.Join(", ", LeadStatuses)}");
    }

    private List<CampaignVariant> ReadVariants(CampaignBody body)
    {
        if (body.Message is not null && body.Variants is not null) Refuse("message", "or variants, not both");
        if (body.Variants is { Count: < 2 or > MaxVariants }) Refuse("variants", $"must be 2 to {MaxVariants}");
        if (body.Variants is null) return [ReadVariant("message", body.Message ?? new())];
        return [.. body.Variants.Select((v, i) => ReadVariant(
            string.Create(CultureInfo.InvariantCulture, $"variants[{i}]"), v ?? new()))];
    }

    private CampaignVariant ReadVariant(string place, CampaignVariant given)
    {
        CampaignVariant variant = given is { Template: null, Text: null } && settings.Template is { } own
            ? given with { Template = own, Language = settings.TemplateLanguage }
            : given;
        if (variant is { Template: null, Text: null }) Refuse(place + ".template", "is required");
        if (variant.Template is { } template && TextInput.Fault(template, 512) is { } fault)
            Refuse(place + ".template", fault);
        if (variant.Language is { } language && TextInput.Fault(language, 20) is { } wrong)
            Refuse(place + ".language", wrong);
        if (variant.Text is { } text && TextInput.Fault(text, 4_096) is { } unfit) Refuse(place + ".text", unfit);
        if (variant.Category is { } category && !Categories.Contains(category))
            Refuse(place + ".category", $"must be among {string.Join(", ", Categories)}");
        if (variant.Weight is < 1 or > 100) Refuse(place + ".weight", "must be a number from 1 to 100");
        IReadOnlyList<CampaignParameter> parameters = variant.Parameters ?? [];
        if (parameters.Count > MaxParameters) Refuse(place + ".parameters", $"must be at most {MaxParameters}");
        for (int i = 0; i < parameters.Count && i < MaxParameters; i++)
        {
            ReadParameter(
                string.Create(CultureInfo.InvariantCulture, $"{place}.parameters[{i}]"), parameters[i]);
        }

        if (variant.Text is { } filled && TemplateText.PlacesOf(filled) > parameters.Count)
            Refuse(place + ".parameters", "must fill each place of the text");
        return variant with
        {
            Language = variant.Template is null ? null : variant.Language ?? settings.TemplateLanguage,
            Parameters = parameters,
        };
    }

    private void ReadParameter(string place, CampaignParameter? parameter)
    {
        if (parameter is null || (parameter.Field is null) == (parameter.Text is null))
        {
            Refuse(place, "must have field or text");
            return;
        }

        if (parameter.Field is { } field && TextInput.Fault(field, 100) is { } unfit) Refuse(place + ".field", unfit);
        if (parameter.Text is { } text && TemplateText.Fault(text) is { } fault) Refuse(place + ".text", fault);
        if (parameter.Fallback is { } fallback && TemplateText.Fault(fallback) is { } wrong)
            Refuse(place + ".fallback", wrong);
    }

    private int Within(string field, int value, int most)
    {
        if (value < 0 || value > most) Refuse(field, $"must be a number from 0 to {most}");
        return value;
    }

    private void Refuse(string field, string reason) => _faults.Add(new FieldFault(field, reason));
}
