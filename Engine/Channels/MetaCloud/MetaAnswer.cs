using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>What came back from the Graph API.</summary>
internal abstract record MetaAnswer
{
    // An answer has a few hundred bytes.
    private const int MaxBytes = 64 * 1_024;

    private MetaAnswer()
    {
    }

    /// <summary>Nothing, or nothing whole.</summary>
    /// <param name="MayHaveLeft">Whether the provider can have seen the request.</param>
    public sealed record None(string Code, bool MayHaveLeft) : MetaAnswer;

    /// <summary>
    /// A whole answer; <paramref name="MessageId"/> and <paramref name="ErrorCode"/> where it named them.
    /// </summary>
    public sealed record Whole(int Status, string? MessageId, string? ErrorCode, TimeSpan? RetryAfter) : MetaAnswer;

    public static async Task<MetaAnswer> ReadAsync(
        HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            int length = await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellationToken);
            (string? id, string? error) = Read(buffer.AsMemory(0, length));
            return new Whole((int)response.StatusCode, id, error, Wait(response.Headers.RetryAfter, time));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (string? MessageId, string? ErrorCode) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = ProviderJson.Parse(body);
            JsonElement root = document.RootElement;
            string? code = root.TryGetObject("error"u8, out JsonElement error)
                ? error.StringOrNumber("code"u8, 32)
                : null;
            string? id = root.TryGetArray("messages"u8, out JsonElement messages) && messages.GetArrayLength() > 0
                ? messages[0].Hint("id"u8, JsonFields.MaxKey)
                : null;
            return (id, code);
        }
        catch (MalformedWebhook)
        {
            // A gateway's page; the status has to do.
            return (null, null);
        }
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider time)
    {
        TimeSpan? wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait is { } w && w > TimeSpan.Zero ? w : null;
    }
}
