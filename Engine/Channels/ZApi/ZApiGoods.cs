using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Words;

namespace Vellarys.Channels.ZApi;

/// <summary>Carts, products, payments.</summary>
internal static class ZApiGoods
{
    private const int MaxText = GatewayContent.MaxText;
    private const int MaxItems = 30;

    /// <summary>Null for what is none of it.</summary>
    public static GatewayContent? Read(JsonElement root)
    {
        if (root.Part("order"u8) is { ValueKind: JsonValueKind.Object } order) return Order(order);
        if (root.Part("product"u8) is { ValueKind: JsonValueKind.Object } product) return Product(product);
        foreach (string field in (ReadOnlySpan<string>)
            ["requestPayment", "sendPayment", "reviewAndPay", "reviewOrder", "pixKeyMessage"])
        {
            JsonElement payment = root.Part(System.Text.Encoding.ASCII.GetBytes(field));
            if (payment.ValueKind == JsonValueKind.Object) return Payment(payment);
        }

        return null;
    }

    private static GatewayContent Order(JsonElement order)
    {
        GatewayContent read = GatewayContent.Message(
            "order", order.Text("message"u8, MaxText) ?? order.Text("orderTitle"u8, MaxText));
        foreach (JsonElement item in order.List("products"u8, MaxItems))
        {
            string price = item.Number("price"u8) is { } each
                ? $" ({Money.Of(each, item.Text("currencyCode"u8, 10))})"
                : "";
            string? what = item.Text("name"u8) ?? item.Word("retailerId"u8) ?? item.Word("productId"u8);
            read.Details.Add("item", $"{item.Word("quantity"u8, 20) ?? "1"} × {what}{price}");
        }

        if (order.Number("total"u8) is { } total)
            read.Details.Add("total", Money.Of(total, order.Text("currency"u8, 10)));
        read.Details.Add("order", order.Word("orderId"u8));
        return read;
    }

    private static GatewayContent Product(JsonElement product)
    {
        GatewayContent read = GatewayContent.Message("order", product.Text("title"u8, MaxText));
        read.Details.Add("product", product.Word("retailerId"u8) ?? product.Word("productId"u8));
        read.Details.Add("product.description", product.Text("description"u8, 500));
        return read;
    }

    private static GatewayContent Payment(JsonElement payment)
    {
        JsonElement made = payment.Part("paymentInfo"u8) is { ValueKind: JsonValueKind.Object } info ? info : payment;
        string? key = payment.Word("key"u8, 200);
        GatewayContent read = GatewayContent.Message("payment", key);
        read.Details.Add("payment.value", made.Word("value"u8, 30) ?? payment.Word("total"u8, 30));
        read.Details.Add(
            "payment.currency", made.Text("currencyCode"u8, 10) ?? payment.Text("currency"u8, 10));
        read.Details.Add(
            "payment.status", made.Text("transactionStatus"u8) ?? payment.Text("paymentStatus"u8));
        read.Details.Add("payment.reference", payment.Word("referenceId"u8));
        return read;
    }
}
