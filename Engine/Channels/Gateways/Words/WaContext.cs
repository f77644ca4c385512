using System.Text.Json;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>
/// What WhatsApp's own messages say about where they come from (<c>contextInfo</c>): the message that is quoted, an ad,
/// whether it was passed on.
/// </summary>
internal static class WaContext
{
    // From so many hands on, WhatsApp itself says "many times".
    private const int ManyTimes = 5;

    public static string? Quoted(JsonElement context) => context.Key("stanzaId"u8);

    /// <summary><c>ad</c> or <c>post</c>; null for anything else, a link's preview too.</summary>
    public static string? Source(JsonElement context, JsonElement ad)
    {
        if (ad.Text("sourceType"u8) is { } type && type.ToUpperInvariant() is "AD" or "POST")
            return ad.Text("sourceType"u8)!.ToLowerInvariant();
        bool isAd = ad.Text("ctwaClid"u8, 500) is not null
            || context.Text("entryPointConversionSource"u8) is "ctwa_ad" or "ctwa_post";
        return isAd ? "ad" : null;
    }

    /// <summary>Adds what is said, and returns the source.</summary>
    public static string? Add(MessageDetails details, JsonElement context)
    {
        JsonElement ad = context.Part("externalAdReply"u8);
        string? source = Source(context, ad);
        if (source is not null) AddAd(details, ad);
        if (context.Number("forwardingScore"u8) >= ManyTimes) details.Add("forwarded", "many times");
        else if (context.Flag("isForwarded"u8)) details.Add("forwarded", "yes");
        return source;
    }

    /// <summary>An ad by which the customer came; the same names for all providers.</summary>
    public static void AddAd(MessageDetails details, JsonElement ad)
    {
        details.Add("ad.headline", ad.Text("title"u8, 500));
        details.Add("ad.body", ad.Text("body"u8, 500));
        details.Add("ad.type", ad.Text("sourceType"u8));
        details.Add("ad.id", ad.Word("sourceId"u8));
        details.Add("ad.url", ad.Text("sourceUrl"u8, 500));
        details.Add("ad.click", ad.Text("ctwaClid"u8, 500));
        details.Add("ad.welcome", ad.Text("greetingMessageBody"u8, 500));
    }
}
