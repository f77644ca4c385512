using System.Globalization;
using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>What an item says beside its text: where it came from, and what its type carries.</summary>
internal static class MetaDetails
{
    private const int MaxItems = 30;

    /// <param name="type">Of the content, which an edit carries inside.</param>
    /// <param name="identityHash">Of the customer's keys, where the company has Meta tell it.</param>
    public static IReadOnlyList<MessageDetail>? Read(JsonElement item, string type, string? identityHash)
    {
        var details = new MessageDetails();
        AddReferral(details, item);
        AddContext(details, item);
        AddContent(details, item, type);
        if (item.TryGetObject("identity"u8, out JsonElement identity))
            identityHash = identity.StringOrNumber("hash"u8) ?? identityHash;
        details.Add("identity.hash", identityHash);
        AddErrors(details, item);
        return details.List;
    }

    private static void AddReferral(MessageDetails details, JsonElement item)
    {
        if (!item.TryGetObject("referral"u8, out JsonElement referral)) return;
        details.Add("ad.headline", referral.Hint("headline"u8, 500));
        details.Add("ad.body", referral.Hint("body"u8, 500));
        details.Add("ad.type", referral.Hint("source_type"u8));
        details.Add("ad.id", referral.StringOrNumber("source_id"u8));
        details.Add("ad.url", referral.Hint("source_url"u8, 500));
        details.Add("ad.click", referral.Hint("ctwa_clid"u8, 500));
        details.Add("ad.media", referral.Hint("media_type"u8));
        details.Add(
            "ad.media.url",
            referral.Hint("image_url"u8, 500) ?? referral.Hint("video_url"u8, 500)
                ?? referral.Hint("thumbnail_url"u8, 500));
        if (referral.TryGetObject("welcome_message"u8, out JsonElement welcome))
            details.Add("ad.welcome", welcome.Hint("text"u8, 500));
    }

    private static void AddContext(MessageDetails details, JsonElement item)
    {
        if (!item.TryGetObject("context"u8, out JsonElement context)) return;
        if (context.IsTrue("frequently_forwarded"u8)) details.Add("forwarded", "many times");
        else if (context.IsTrue("forwarded"u8)) details.Add("forwarded", "yes");
        if (!context.TryGetObject("referred_product"u8, out JsonElement product)) return;
        details.Add("product", product.StringOrNumber("product_retailer_id"u8));
        details.Add("product.catalog", product.StringOrNumber("catalog_id"u8));
    }

    private static void AddContent(MessageDetails details, JsonElement item, string type)
    {
        switch (type)
        {
            case "order" when item.TryGetObject("order"u8, out JsonElement order):
                AddOrder(details, order);
                break;
            case "contacts" when item.TryGetArray("contacts"u8, out JsonElement cards):
                foreach (JsonElement card in cards.EnumerateArray().Take(MaxItems)) MetaCards.Add(details, card);
                break;
            case "location" when item.TryGetObject("location"u8, out JsonElement place):
                details.Add("place.name", place.Hint("name"u8, 500));
                details.Add("place.address", place.Hint("address"u8, 500));
                details.Add("place.url", place.Hint("url"u8, 500));
                break;
            case "interactive" when item.TryGetObject("interactive"u8, out JsonElement content):
                AddChoice(details, content);
                break;
            case "button" when item.TryGetObject("button"u8, out JsonElement button):
                details.Add("button.payload", button.Hint("payload"u8, 500));
                break;
            case "audio" when item.TryGetObject("audio"u8, out JsonElement audio):
                if (audio.IsTrue("voice"u8)) details.Add("voice", "yes");
                break;
            case "voice":
                details.Add("voice", "yes");
                break;
            case "document" when item.TryGetObject("document"u8, out JsonElement document):
                details.Add("file", document.Hint("filename"u8, 500));
                break;
            case "unsupported" when item.TryGetObject("unsupported"u8, out JsonElement what):
                details.Add("unsupported", what.Hint("type"u8));
                break;
        }
    }

    private static void AddOrder(MessageDetails details, JsonElement order)
    {
        decimal? total = 0;
        string? currency = null;
        if (order.TryGetArray("product_items"u8, out JsonElement items))
        {
            foreach (JsonElement item in items.EnumerateArray().Take(MaxItems))
            {
                string quantity = item.StringOrNumber("quantity"u8, 20) ?? "1";
                string? price = item.StringOrNumber("item_price"u8, 30);
                string? money = item.Hint("currency"u8, 10);
                string cost = price is null ? "" : $" ({price} {money})".Replace(" )", ")", StringComparison.Ordinal);
                details.Add("item", $"{quantity} × {item.StringOrNumber("product_retailer_id"u8)}{cost}");
                total = (currency ?? money) == money ? total + Number(quantity) * Number(price) : null;
                currency = money;
            }

            if (items.GetArrayLength() is > 0 and <= MaxItems && total is { } sum)
                details.Add("total", $"{sum.ToString("0.##", CultureInfo.InvariantCulture)} {currency}");
            else if (items.GetArrayLength() > MaxItems)
                details.Add("items", items.GetArrayLength().ToString(CultureInfo.InvariantCulture));
        }

        details.Add("catalog", order.StringOrNumber("catalog_id"u8));
    }

    private static void AddChoice(MessageDetails details, JsonElement content)
    {
        if (content.TryGetObject("button_reply"u8, out JsonElement button))
            details.Add("choice.id", button.StringOrNumber("id"u8));
        if (content.TryGetObject("list_reply"u8, out JsonElement row))
        {
            details.Add("choice.id", row.StringOrNumber("id"u8));
            details.Add("choice.description", row.Hint("description"u8, 500));
        }

        if (content.TryGetObject("nfm_reply"u8, out JsonElement form)) MetaForm.Add(details, form);
        if (content.TryGetObject("call_permission_reply"u8, out JsonElement permission))
            details.Add("call.permission", permission.Hint("response"u8));
    }

    private static void AddErrors(MessageDetails details, JsonElement item)
    {
        if (!item.TryGetArray("errors"u8, out JsonElement errors)) return;
        foreach (JsonElement error in errors.EnumerateArray().Take(3))
            details.Add("error", $"{error.StringOrNumber("code"u8, 20)} {error.Hint("title"u8)}");
    }

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
        && value < 1_000_000_000
            ? value
            : null;
}
