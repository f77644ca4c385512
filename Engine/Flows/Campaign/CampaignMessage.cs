using System.Text.Json;
using Vellarys.Channels;
using Vellarys.Channels.Templates;

namespace Vellarys.Flows.Campaign;

/// <summary>A variant as one contact reads it.</summary>
internal abstract record CampaignMessage
{
    private CampaignMessage()
    {
    }

    /// <param name="Payload">As in <c>messages.payload</c>; null for free text.</param>
    public sealed record Whole(string Kind, string Text, string? Payload) : CampaignMessage;

    /// <summary>The contact lacks a field that the variant has no other text for.</summary>
    public sealed record Lacking(string Field) : CampaignMessage
    {
        public string Reason => "missing:" + Field;
    }

    public static CampaignMessage Of(CampaignVariant variant, CampaignContact contact)
    {
        List<string> parameters = [];
        foreach (CampaignParameter parameter in variant.Parameters)
        {
            string? value = parameter.Text ?? contact.FieldOf(parameter.Field!) ?? parameter.Fallback;
            if (value is null) return new Lacking(parameter.Field!);
            parameters.Add(TemplateText.Tidy(value));
        }

        string? text = variant.Text is null ? null : TemplateText.Fill(variant.Text, parameters);
        if (variant.Template is null) return new Whole("text", text!, null);
        var template = new TemplateMessage(variant.Template, variant.Language!, parameters);
        string shown = parameters.Count == 0 ? template.Name : $"{template.Name}: {string.Join(", ", parameters)}";
        return new Whole(
            TemplateMessage.MessageKind, text ?? shown,
            JsonSerializer.Serialize(template, TemplateMessageJson.Default.TemplateMessage));
    }
}
