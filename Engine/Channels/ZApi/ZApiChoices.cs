using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Words;

namespace Vellarys.Channels.ZApi;

/// <summary>What the customer tapped, marked or pinned.</summary>
internal static class ZApiChoices
{
    private const int MaxText = GatewayContent.MaxText;

    /// <summary>Null for what is none of it.</summary>
    public static GatewayContent? Read(JsonElement root)
    {
        if (root.Part("buttonsResponseMessage"u8) is { ValueKind: JsonValueKind.Object } button)
        {
            return WaChoices.Chosen(
                "interactive", button.Text("message"u8, MaxText), button.Word("buttonId"u8, 256));
        }

        if (root.Part("listResponseMessage"u8) is { ValueKind: JsonValueKind.Object } row) return Row(row);
        foreach (string field in (ReadOnlySpan<string>)
            ["templateButtonReplyMessage", "buttonReply", "hydratedButtonReply"])
        {
            JsonElement reply = root.Part(System.Text.Encoding.ASCII.GetBytes(field));
            if (reply.ValueKind != JsonValueKind.Object) continue;
            return WaChoices.TemplateButton(
                reply.Text("message"u8, MaxText) ?? reply.Text("selectedDisplayText"u8, MaxText),
                reply.Word("buttonId"u8, 256) ?? reply.Word("selectedId"u8, 256));
        }

        if (root.Part("reaction"u8) is { ValueKind: JsonValueKind.Object } reaction)
        {
            return GatewayContent.Notice("reaction", reaction.Text("value"u8, 64)) with
            {
                RefersTo = reaction.Part("referencedMessage"u8).Key("messageId"u8),
            };
        }

        if (root.Part("pollVote"u8) is { ValueKind: JsonValueKind.Object } vote)
            return WaChoices.Votes(vote.List("options"u8).Select(Name), vote.Key("pollMessageId"u8));
        if (root.Part("poll"u8) is { ValueKind: JsonValueKind.Object } poll)
            return WaChoices.Poll(poll.Text("question"u8, MaxText), poll.List("options"u8).Select(Name));
        return root.Part("pinMessage"u8) is { ValueKind: JsonValueKind.Object } pin
            ? GatewayContent.Notice("pin", null) with
            {
                RefersTo = pin.Part("referencedMessage"u8).Key("messageId"u8),
            }
            : null;
    }

    /// <summary>The row's own title is what the customer tapped; the message repeats it with its description.</summary>
    private static GatewayContent Row(JsonElement row)
    {
        string? title = row.Text("title"u8, MaxText);
        string? message = row.Text("message"u8, MaxText);
        GatewayContent read = WaChoices.Chosen("interactive", title ?? message, row.Word("selectedRowId"u8, 256));
        if (title is not null) read.Details.Add("choice.description", message);
        return read;
    }

    private static string? Name(JsonElement option) =>
        option.ValueKind == JsonValueKind.String ? JsonText.Read(option, 200, out _) : option.Text("name"u8);
}
