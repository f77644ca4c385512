using System.Text.Json;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>A point on the map.</summary>
internal static class WaPlaces
{
    /// <summary>Under the names of WhatsApp's protocol.</summary>
    public static GatewayContent Read(JsonElement place) =>
        Read(place, place.Word("degreesLatitude"u8), place.Word("degreesLongitude"u8));

    /// <summary><c>-23.55,-46.63 Name</c>: text as for every provider, the rest beside it.</summary>
    public static GatewayContent Read(JsonElement place, string? latitude, string? longitude)
    {
        if (latitude is null || longitude is null) return GatewayContent.Unsupported("location");
        string? name = place.Text("name"u8, 500);
        GatewayContent read = GatewayContent.Message("location", $"{latitude},{longitude} {name}".TrimEnd());
        read.Details.Add("place.name", name);
        read.Details.Add("place.address", place.Text("address"u8, 500));
        read.Details.Add("place.url", place.Text("url"u8, 500));
        read.Details.Add("place.comment", place.Text("comment"u8, 500) ?? place.Text("caption"u8, 500));
        return read;
    }
}
