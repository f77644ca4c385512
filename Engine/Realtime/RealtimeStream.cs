using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Vellarys.Realtime;

/// <summary>
/// Writes one watcher's events as server-sent events. The first is always <c>ready</c>: events are hints without a
/// history, so whoever connects, again or for the first time, reads the present state then.
/// </summary>
internal sealed class RealtimeStream(TimeProvider time, RealtimeOptions options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    // After an end in order nothing is wrong: the next stream may follow at once.
    private static readonly TimeSpan RetryInOrder = TimeSpan.FromMilliseconds(100);

    private long _lastId;

    /// <summary>True when its time was over and it ended in order; false when the watcher fell behind.</summary>
    public async Task<bool> RunAsync(
        HttpContext context, ChannelReader<RealtimeEvent> events, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        PipeWriter writer = context.Response.BodyWriter;

        using var over = new CancellationTokenSource(options.MaxDuration ?? Timeout.InfiniteTimeSpan, time);
        Task end = Task.Delay(Timeout.InfiniteTimeSpan, time, over.Token);
        Write(writer, $"retry: {(int)RetryAfter.TotalMilliseconds}\n");
        WriteEvent(writer, "ready", "{}");
        await writer.FlushAsync(cancellationToken);

        using var heartbeat = new PeriodicTimer(options.Heartbeat, time);
        Task<bool> more = events.WaitToReadAsync(cancellationToken).AsTask();
        Task<bool> beat = heartbeat.WaitForNextTickAsync(cancellationToken).AsTask();
        while (true)
        {
            Task first = await Task.WhenAny(more, beat, end);
            if (first == end)
            {
                Write(writer, $"retry: {(int)RetryInOrder.TotalMilliseconds}\n: time is over, come again\n\n");
                await writer.FlushAsync(cancellationToken);
                return true;
            }

            await first;
            if (beat.IsCompleted)
            {
                Write(writer, ": still here\n\n");
                beat = heartbeat.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (more.IsCompleted)
            {
                if (!await more) return false;
                WriteWaiting(writer, events);
                more = events.WaitToReadAsync(cancellationToken).AsTask();
            }

            await writer.FlushAsync(cancellationToken);
        }
    }

    /// <summary>
    /// What gathered meanwhile, each only once: a hundred changes of a conversation are one reason to look.
    /// </summary>
    private void WriteWaiting(PipeWriter writer, ChannelReader<RealtimeEvent> events)
    {
        HashSet<RealtimeEvent> written = [];
        while (written.Count < RealtimeHub.DefaultCapacity && events.TryRead(out RealtimeEvent? happened))
        {
            if (!written.Add(happened)) continue;
            WriteEvent(writer, happened.Kind, $$"""{"conversationId":"{{happened.Conversation}}"}""");
        }
    }

    private void WriteEvent(PipeWriter writer, string kind, string json)
    {
        string id = (++_lastId).ToString(CultureInfo.InvariantCulture);
        Write(writer, $"id: {id}\nevent: {kind}\ndata: {json}\n\n");
    }

    private static void Write(PipeWriter writer, string text) => Encoding.UTF8.GetBytes(text, writer);
}
