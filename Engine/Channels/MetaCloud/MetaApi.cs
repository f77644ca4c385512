using Microsoft.Extensions.ObjectPool;
using Vellarys.Channels.MetaCloud.Files;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// The Cloud API as Meta and those who pass it on speak it; what differs is in the route and the outcomes.
/// </summary>
/// <param name="outcomes">What an answer to a send means.</param>
/// <param name="place">Where files may be fetched; see <see cref="FetchFile"/>.</param>
internal sealed class MetaApi(
    MetaConnectionOptions options, TimeProvider time, Func<MetaAnswer, SendOutcome> outcomes, Func<Uri, Uri?> place)
    : IDisposable
{
    public const OutboundKinds Sends = OutboundKinds.Templates | OutboundKinds.Media | OutboundKinds.Buttons
        | OutboundKinds.Lists | OutboundKinds.Reactions | OutboundKinds.Locations | OutboundKinds.Quotes;

    private readonly DefaultObjectPool<MetaRequest> _requests = new(
        new DefaultPooledObjectPolicy<MetaRequest>(), options.MaxConnections);

    private readonly MetaConnection _connection = new(options, time);

    public async Task<SendOutcome> SendAsync(
        MetaRoute route, OutboundMessage message, CancellationToken cancellationToken)
    {
        if (route.Fault is { } fault) return new SendOutcome.Refused(fault, StopsChannel: true);
        string? upload = null;
        if (message is { Template: null, Content: OutboundContent.Media, File: { } file })
        {
            if (MetaOutboundFile.FaultOf(file) is { } code) return new SendOutcome.Refused(code);
            if (file.Link is null)
            {
                (upload, SendOutcome? failure) = await UploadAsync(route, file, cancellationToken);
                if (failure is not null) return failure;
            }
        }

        MetaRequest request = _requests.Get();
        request.WriteMessage(message, upload);
        return outcomes(await PostAsync(route, request, cancellationToken));
    }

    public async Task<MetaAnswer> ProbeAsync(MetaRoute route, CancellationToken cancellationToken) =>
        await _connection.GetAsync(route.Probe, route, cancellationToken);

    /// <summary>Whether the provider took it; true also where the host stops, for the mark was only a hint.</summary>
    public async Task<bool> MarkReadAsync(
        MetaRoute route, string providerMessageId, CancellationToken cancellationToken)
    {
        if (route.Fault is not null) return true;
        MetaRequest request = _requests.Get();
        request.WriteRead(providerMessageId);
        try
        {
            return await PostAsync(route, request, cancellationToken) is MetaAnswer.Whole { IsSuccess: true };
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public Task<MediaDownload> DownloadAsync(
        MetaRoute route, InboundMedia media, CancellationToken cancellationToken) =>
        new FetchFile(_connection, place, options.SendTimeout, time).RunAsync(route, media, cancellationToken);

    public void Dispose() => _connection.Dispose();

    /// <summary>Nobody was sent anything yet, whatever becomes of it.</summary>
    private async Task<(string? Id, SendOutcome? Failure)> UploadAsync(
        MetaRoute route, OutboundFile file, CancellationToken cancellationToken)
    {
        MetaAnswer answer;
        try
        {
            await using Stream content = await file.OpenAsync(cancellationToken);
            answer = await _connection.UploadAsync(route, file, content, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, new SendOutcome.Refused("file_missing"));
        }
        catch (IOException)
        {
            return (null, new SendOutcome.NotNow("file_unreadable"));
        }

        if (answer is MetaAnswer.Whole { IsSuccess: true, ErrorCode: null, ObjectId: { Length: > 0 } id })
            return (id, null);
        SendOutcome outcome = outcomes(answer);
        return (null, outcome is SendOutcome.Uncertain unclear ? new SendOutcome.NotNow(unclear.Code) : outcome);
    }

    private async Task<MetaAnswer> PostAsync(MetaRoute route, MetaRequest request, CancellationToken cancellationToken)
    {
        MetaAnswer answer = await _connection.PostAsync(route, request, cancellationToken);
        // After a broken send the connection may still be reading from the buffer: left to the garbage collector.
        if (answer is MetaAnswer.Whole) _requests.Return(request);
        return answer;
    }
}
