using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Vellarys.Channels.MetaCloud.Files;

namespace Vellarys.Channels.MetaCloud;

/// <summary>What came back from the Graph API, or from who passes it on.</summary>
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
    public sealed record Whole(int Status, string? MessageId, string? ErrorCode, TimeSpan? RetryAfter) : MetaAnswer
    {
        /// <summary>The error's subcode: with some codes the only thing that tells what is missing.</summary>
        public string? Subcode { get; init; }

        /// <summary>Of what was looked at or made, other than messages.</summary>
        public string? ObjectId { get; init; }

        /// <summary>Where the file is that was looked at.</summary>
        public MetaFile? File { get; init; }

        /// <summary>Whether the account may send: <c>AVAILABLE</c>, <c>LIMITED</c>, <c>BLOCKED</c>.</summary>
        public string? Health { get; init; }

        /// <summary>Where it would rather be asked.</summary>
        public Uri? Location { get; init; }

        /// <summary>A re-seller's own words, where an error has no code.</summary>
        public string? Words { get; init; }

        public bool IsSuccess => Status is >= 200 and < 300;
    }

    public static async Task<MetaAnswer> ReadAsync(
        HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            int length = await stream.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellationToken);
            var whole = new Whole((int)response.StatusCode, null, null, Wait(response.Headers.RetryAfter, time))
            {
                Location = response.Headers.Location,
            };
            return Read(whole, buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Whole Read(Whole answer, ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = ProviderJson.Parse(body);
            JsonElement root = document.RootElement;
            string? id = root.TryGetArray("messages"u8, out JsonElement messages) && messages.GetArrayLength() > 0
                ? messages[0].Hint("id"u8, JsonFields.MaxKey)
                : null;
            if (id is not null) return answer with { MessageId = id, ErrorCode = CodeOf(root, "code"u8) };
            string? code = CodeOf(root, "code"u8);
            return answer with
            {
                ErrorCode = code,
                Subcode = CodeOf(root, "error_subcode"u8),
                ObjectId = root.StringOrNumber("id"u8),
                File = MetaFile.Read(root),
                Health = root.TryGetObject("health_status"u8, out JsonElement health)
                    ? health.Hint("can_send_message"u8)
                    : null,
                Words = answer.IsSuccess || code is not null ? null : WordsOf(root),
            };
        }
        catch (MalformedWebhook)
        {
            // A gateway's page; the status has to do.
            return answer;
        }
    }

    private static string? CodeOf(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetObject("error"u8, out JsonElement error) ? error.StringOrNumber(name, 32) : null;

    private static string? WordsOf(JsonElement root)
    {
        if (root.TryGetObject("meta"u8, out JsonElement meta) && meta.Hint("developer_message"u8, 500) is { } own)
            return own;
        if (root.TryGetObject("error"u8, out JsonElement error) && error.Hint("message"u8, 500) is { } inner)
            return inner;
        return root.Hint("message"u8, 500) ?? root.Hint("detail"u8, 500) ?? root.Hint("error"u8, 500);
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider time)
    {
        TimeSpan? wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait is { } w && w > TimeSpan.Zero ? w : null;
    }
}
