using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Channels.Media;

/// <summary>
/// Fetches the file of one message from its provider into the store. What is not to be had now is asked for again, for
/// <see cref="MediaOptions.AskFor"/>; text never waits for it.
/// </summary>
internal sealed class FetchMedia : IMessageHandler
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);
    private readonly Dictionary<string, IProvider> _providers;
    private readonly IChannelDirectory _directory;
    private readonly MediaRows _rows;
    private readonly KeepFile _keep;
    private readonly MediaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<FetchMedia> _logger;

    public FetchMedia(
        IEnumerable<IProvider> providers, IChannelDirectory directory, MediaRows rows, KeepFile keep,
        MediaOptions options, TimeProvider time, ILogger<FetchMedia> logger)
    {
        _providers = providers.ToDictionary(p => p.Kind);
        _directory = directory;
        _rows = rows;
        _keep = keep;
        _options = options;
        _time = time;
        _logger = logger;
    }

    public string Queue => Queues.ImageAnalysis;

    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        MediaDue due = QueueBody.Read(received, MediaDueJson.Default.MediaDue, b => b.V);
        var tenant = new TenantId(due.Tenant);
        try
        {
            MediaRow? row = await _rows.FindAsync(tenant, due.Media, cancellationToken);
            if (row is not { State: "waiting" }) return;
            Fetched fetched = await FetchAsync(tenant, row, cancellationToken);
            await SettleAsync(received, tenant, row, fetched, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task<Fetched> FetchAsync(TenantId tenant, MediaRow row, CancellationToken cancellationToken)
    {
        if (row.SizeBytes > _options.MaxBytes) return new Fetched("refused", "too_large");
        if (row.ChannelId is not { } id || row.Reference is null) return new Fetched("failed", "no_reference");
        Channel? channel = await _directory.FindAsync(new ChannelId(id), cancellationToken);
        if (channel is null || !_providers.TryGetValue(channel.Kind, out IProvider? provider))
            return new Fetched("failed", "no_channel");

        var media = new InboundMedia(row.Kind, row.Reference, row.MimeType, row.FileName, row.SizeBytes)
        {
            IsVoice = row.IsVoice,
            IsViewOnce = row.IsViewOnce,
        };
        switch (await provider.DownloadAsync(channel, media, cancellationToken))
        {
            case MediaDownload.Opened opened:
                await using (opened.Content)
                    return await KeepAsync(tenant, row, opened, cancellationToken);
            case MediaDownload.Gone gone:
                return new Fetched("gone", gone.Code);
            case MediaDownload.NotNow notNow:
                return new Fetched(null, notNow.Code, notNow.RetryAfter);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<Fetched> KeepAsync(
        TenantId tenant, MediaRow row, MediaDownload.Opened opened, CancellationToken cancellationToken)
    {
        if (opened.Length > _options.MaxBytes) return new Fetched("refused", "too_large");
        try
        {
            KeptFile kept = await _keep.RunAsync(
                tenant, row.Id, row.Kind, row.FileName, opened.MimeType ?? row.MimeType, opened.Content,
                cancellationToken);
            if (kept is KeptFile.Stored stored)
            {
                // Taken back while it was on its way: nothing of it stays. Or another worker was first: then it does.
                if (!await _rows.StoredAsync(tenant, row.Id, stored, name: null, cancellationToken)
                    && await _rows.FindAsync(tenant, row.Id, cancellationToken) is not { State: "stored" })
                    await _keep.DropAsync(tenant, row.Id, cancellationToken);
                return new Fetched("stored", "");
            }

            return kept is KeptFile.Refused refused
                ? new Fetched("refused", refused.Code)
                : new Fetched(null, ((KeptFile.NotNow)kept).Code);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or UnauthorizedAccessException)
        {
            return new Fetched(null, "cut_off");
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Fetched(null, "timeout");
        }
    }

    private async Task SettleAsync(
        ReceivedMessage received, TenantId tenant, MediaRow row, Fetched fetched, CancellationToken cancellationToken)
    {
        if (fetched.State == "stored") return;
        TimeSpan age = _time.GetUtcNow() - row.CreatedAt;
        string? state = fetched.State ?? (age > _options.AskFor ? "failed" : null);
        if (state is not null)
        {
            if (await _rows.EndedAsync(tenant, row.Id, state, fetched.Reason, cancellationToken))
                await _keep.DropAsync(tenant, row.Id, cancellationToken);
            Log.NotKept(_logger, tenant, row.Id, state, fetched.Reason);
            return;
        }

        TimeSpan pause = fetched.RetryAfter ?? age / 2;
        pause = pause < FirstPause ? FirstPause : pause > LongestPause ? LongestPause : pause;
        await received.DeferAsync(pause, fetched.Reason, cancellationToken);
    }

    /// <summary>How far it came.</summary>
    /// <param name="State">The state to end in; null to ask again.</param>
    private sealed record Fetched(string? State, string Reason, TimeSpan? RetryAfter = null);
}
