using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>What came back from a gateway.</summary>
internal abstract record GatewayAnswer
{
    // An answer to a send holds the message once more, at worst with a preview.
    private const int MaxBytes = 512 * 1_024;

    private GatewayAnswer()
    {
    }

    /// <summary>Nothing, or nothing whole.</summary>
    /// <param name="MayHaveLeft">Whether the gateway can have seen the whole request.</param>
    public sealed record None(string Code, bool MayHaveLeft) : GatewayAnswer;

    /// <summary>A whole answer.</summary>
    /// <param name="Body">Undefined where it is no JSON: a proxy's page.</param>
    public sealed record Whole(int Status, JsonElement Body, TimeSpan? RetryAfter) : GatewayAnswer
    {
        public bool IsSuccess => Status is >= 200 and < 300;

        public bool IsJson => Body.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

        /// <summary>Of the status alone: <c>http_503</c>.</summary>
        public string Code => string.Create(CultureInfo.InvariantCulture, $"http_{Status}");
    }

    public static async Task<GatewayAnswer> ReadAsync(
        HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            int length = await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellationToken);
            return new Whole(
                (int)response.StatusCode, Parse(buffer.AsMemory(0, length)), Wait(response.Headers.RetryAfter, time));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = ProviderJson.Parse(body);
            return document.RootElement.Clone();
        }
        catch (MalformedWebhook)
        {
            // A proxy's page, or nothing; the status has to do.
            return default;
        }
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider time)
    {
        TimeSpan? wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait is { } w && w > TimeSpan.Zero ? w < TimeSpan.FromHours(1) ? w : TimeSpan.FromHours(1) : null;
    }
}
