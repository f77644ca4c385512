using System.Text.Json;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>A cart, or a product that the customer asks about.</summary>
internal static class WaGoods
{
    private const int MaxText = GatewayContent.MaxText;

    public static GatewayContent Read(string name, JsonElement content) =>
        name == "ordermessage" ? Order(content) : Product(content);

    private static GatewayContent Order(JsonElement order)
    {
        GatewayContent read = GatewayContent.Message(
            "order", order.Text("message"u8, MaxText) ?? order.Text("orderTitle"u8, MaxText));
        read.Details.Add("items", order.Word("itemCount"u8));
        // In thousandths, as WhatsApp counts money.
        if (order.Number("totalAmount1000"u8) is { } total)
            read.Details.Add("total", Money.Of(total, order.Text("totalCurrencyCode"u8, 10)));
        read.Details.Add("order", order.Word("orderId"u8));
        return read;
    }

    private static GatewayContent Product(JsonElement content)
    {
        JsonElement product = content.Part("product"u8);
        GatewayContent read = GatewayContent.Message(
            "order", content.Text("body"u8, MaxText) ?? product.Text("title"u8, MaxText));
        read.Details.Add("product", product.Word("retailerId"u8) ?? product.Word("productId"u8));
        read.Details.Add("product.title", product.Text("title"u8, 500));
        if (product.Number("priceAmount1000"u8) is { } price)
            read.Details.Add("product.price", Money.Of(price, product.Text("currencyCode"u8, 10)));
        return read;
    }
}
