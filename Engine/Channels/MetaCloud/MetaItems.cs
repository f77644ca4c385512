using System.Text.Json;
using Vellarys.Channels.MetaCloud.Files;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// Reads one item of a change; null when it lacks, or has in another type, something that it cannot do without.
/// </summary>
internal static class MetaItems
{
    public static InboundEvent? Message(MetaChange change, JsonElement item)
    {
        if (!TryIdentify(item, "type"u8, out string id, out string type)) return null;
        if (type == "system" && MetaIdentityChange.Read(change, item, id) is { } changed) return changed;
        if (!MetaCustomer.TryRead(change, item, "from"u8, "from_user_id"u8, out MetaCustomer customer)) return null;
        // What is said in a group is not said to the company.
        if (item.TryGet("group_id"u8, out _))
            return Spoken(change, item, id, customer, new MetaText(InboundKind.Notice, "group", "", false));
        MetaText text = MetaText.Read(item, type) ?? MetaText.Unreadable(type);
        InboundEvent spoken = Spoken(change, item, id, customer, text);
        return Complete(spoken, item, type, customer.IdentityHash) with { Source = Source(item) };
    }

    /// <summary>
    /// The customer called, and nobody can pick up: staff see it. One event, whatever becomes of the call.
    /// </summary>
    public static InboundEvent? Call(MetaChange change, JsonElement item)
    {
        if (!TryIdentify(item, "event"u8, out string id, out _)) return null;
        if (item.Hint("direction"u8) == "BUSINESS_INITIATED") return null;
        if (!MetaCustomer.TryRead(change, item, "from"u8, "from_user_id"u8, out MetaCustomer customer)) return null;
        return Spoken(change, item, id, customer, new MetaText(InboundKind.Notice, "call", "", false));
    }

    /// <summary>Sent from the company's own phone, whatever it is: a person has taken over.</summary>
    public static InboundEvent? Echo(MetaChange change, JsonElement item)
    {
        if (!TryIdentify(item, "type"u8, out string id, out string type)) return null;
        if (!MetaCustomer.TryRead(change, item, "to"u8, "to_user_id"u8, out MetaCustomer customer)) return null;
        MetaText text = MetaText.Read(item, type) ?? MetaText.Unreadable(type);
        InboundEvent echo = Spoken(change, item, id, customer, text with { Kind = InboundKind.Echo });
        return Complete(echo, item, type, null);
    }

    public static InboundEvent? Status(MetaChange change, JsonElement item)
    {
        if (!TryIdentify(item, "status"u8, out string id, out string state)) return null;
        if (state is not ("sent" or "delivered" or "read" or "played" or "failed")) return null;
        Guid? claim = Guid.TryParse(item.Hint("biz_opaque_callback_data"u8), out Guid value) ? value : null;
        string? code = item.TryGetArray("errors"u8, out JsonElement errors) && errors.GetArrayLength() > 0
            ? errors[0].StringOrNumber("code"u8, 32)
            : null;
        return change.Event(InboundKind.Status, $"{id}:{state}", "status", item) with
        {
            Status = new StatusReport(id, state, claim, code),
            // The others say nothing more, and there are three of them for each message.
            Raw = state == "failed" ? item.Raw() : null,
        };
    }

    public static InboundEvent? Preference(MetaChange change, JsonElement item)
    {
        if (item.Hint("category"u8) != "marketing_messages") return null;
        bool? optedOut = item.Hint("value"u8) switch { "stop" => true, "resume" or "signup" => false, _ => null };
        if (optedOut is null) return null;
        if (!MetaCustomer.TryRead(change, item, "wa_id"u8, "user_id"u8, out MetaCustomer customer)) return null;
        return change.Event(InboundKind.Preference, item.Fingerprint(), "preference", item) with
        {
            Address = customer.Address,
            Identities = customer.Identities,
            OptedOut = optedOut,
            Raw = item.Raw(),
        };
    }

    private static bool TryIdentify(JsonElement item, ReadOnlySpan<byte> field, out string id, out string what)
    {
        bool isRight = item.TryKey("id"u8, out string? key) & item.TryKey(field, out string? value);
        (id, what) = (key ?? "", value ?? "");
        return isRight && id.Length > 0 && what.Length > 0;
    }

    /// <summary>
    /// With what it refers to, and what came beside the text; an edit brings those of its new content.
    /// </summary>
    private static InboundEvent Complete(
        InboundEvent spoken, JsonElement item, string type, string? identityHash)
    {
        IReadOnlyList<MessageDetail>? details = type == "edit"
            ? MetaText.EditedItem(item, out string inner) is { } content ? MetaDetails.Read(content, inner, null) : null
            : MetaDetails.Read(item, type, identityHash);
        // An edit changes the caption of a file that came before.
        InboundMedia? media = spoken.Kind is InboundKind.Message or InboundKind.Echo
            ? MetaMedia.Read(item, type)
            : null;
        return spoken with { RefersTo = MetaText.RefersTo(item, type), Details = details, Media = media };
    }

    private static InboundEvent Spoken(
        MetaChange change, JsonElement item, string id, MetaCustomer customer, MetaText text) =>
        change.Event(text.Kind, id, text.Type, item) with
        {
            Address = customer.Address,
            Identities = customer.Identities,
            ProfileName = customer.Name,
            Text = text.Text,
            Raw = text.IsWhole ? null : item.Raw(),
        };

    private static string? Source(JsonElement item) =>
        item.TryGetObject("referral"u8, out JsonElement referral)
        && referral.Hint("source_type"u8) is "ad" or "post" ? referral.Hint("source_type"u8) : null;
}
