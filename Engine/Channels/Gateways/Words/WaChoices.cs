using System.Text.Json;
using Vellarys.Channels.Forms;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>What the customer tapped: a button, a row, a form, a poll.</summary>
internal static class WaChoices
{
    private const int MaxText = GatewayContent.MaxText;
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 16 };

    /// <summary>Null for what is no choice.</summary>
    public static GatewayContent? Read(string name, JsonElement content) => name switch
    {
        "buttonsresponsemessage" => Chosen(
            "interactive", content.Text("selectedDisplayText"u8, MaxText), content.Word("selectedButtonId"u8, 256)),
        "listresponsemessage" => Row(content),
        "templatebuttonreplymessage" => TemplateButton(
            content.Text("selectedDisplayText"u8, MaxText), content.Word("selectedId"u8, 256)),
        "interactiveresponsemessage" => Flow(content),
        "pollupdatemessage" => Vote(content),
        "pollcreationmessage" or "pollcreationmessagev2" or "pollcreationmessagev3" or "pollcreationmessagev5" =>
            Poll(content),
        _ => null,
    };

    /// <summary>The words that the customer saw, and the id that we gave them.</summary>
    public static GatewayContent Chosen(string type, string? title, string? id)
    {
        GatewayContent read = GatewayContent.Message(type, title ?? id);
        read.Details.Add("choice.id", id);
        return read;
    }

    public static GatewayContent TemplateButton(string? title, string? payload)
    {
        GatewayContent read = GatewayContent.Message("button", title ?? payload);
        read.Details.Add("button.payload", payload);
        return read;
    }

    /// <summary>Options of a poll that the customer chose; none that can be read, and nothing was said.</summary>
    public static GatewayContent Votes(IEnumerable<string?> options, string? poll)
    {
        string text = string.Join(", ", options.Where(o => !string.IsNullOrEmpty(o)));
        if (text.Length > MaxText) text = text[..MaxText];
        return (text.Length == 0
            ? GatewayContent.Notice("poll_vote", null)
            : GatewayContent.Message("interactive", text)) with { RefersTo = poll };
    }

    /// <summary>A poll that the customer holds: nobody can vote here, but its question was asked.</summary>
    public static GatewayContent Poll(string? question, IEnumerable<string?> options)
    {
        GatewayContent read = GatewayContent.Message("poll", question);
        foreach (string? option in options) read.Details.Add("option", option);
        return read;
    }

    private static GatewayContent Row(JsonElement content)
    {
        string? id = content.Part("singleSelectReply"u8).Word("selectedRowId"u8, 256);
        GatewayContent read = Chosen("interactive", content.Text("title"u8, MaxText), id);
        read.Details.Add("choice.description", content.Text("description"u8, 500));
        return read;
    }

    /// <summary>
    /// A tap on a button of newer messages, or a form that was filled in: JSON inside a string either way.
    /// </summary>
    private static GatewayContent Flow(JsonElement content)
    {
        JsonElement flow = content.Part("nativeFlowResponseMessage"u8);
        string? body = content.Part("body"u8).Text("text"u8, MaxText);
        var details = new MessageDetails();
        string? name = flow.Text("name"u8);
        string? title = null;
        string json = flow.Text("paramsJson"u8, 65_536) ?? "{}";
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Shallow);
            JsonElement answer = document.RootElement;
            title = answer.Text("display_text"u8, MaxText) ?? answer.Text("title"u8, MaxText);
            if (answer.Word("id"u8, 256) is { } id) details.Add("choice.id", id);
            else
            {
                details.Add("form", name);
                FormFields.Add(details, answer);
            }
        }
        catch (JsonException)
        {
            // Better as it stands than not at all.
            details.Add("form.answer", json);
        }

        return GatewayContent.Message("interactive", body ?? title) with { Details = details };
    }

    private static GatewayContent Vote(JsonElement content) => Votes(
        content.Part("vote"u8).List("selectedOptions"u8).Select(Name),
        content.Part("pollCreationMessageKey"u8).Key("id"u8));

    // Hashes until the gateway has put names in their place.
    private static string? Name(JsonElement option) =>
        option.ValueKind == JsonValueKind.String ? JsonText.Read(option, 200, out _) : option.Text("name"u8);

    private static GatewayContent Poll(JsonElement content) =>
        Poll(content.Text("name"u8, MaxText), content.List("options"u8).Select(o => o.Text("optionName"u8)));
}
