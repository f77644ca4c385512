using System.Net;

namespace Vellarys.Http;

/// <summary>
/// Lets an answer of the outside world through up to a size, as it is after whatever inflates it; then its reader hears
/// <see cref="AnswerTooLarge"/>. How long it may take is the caller's token's matter.
/// </summary>
internal sealed class AnswerLimit(int maxBytes, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        answer.Content = new LimitedContent(answer.Content, maxBytes);
        return answer;
    }

    private sealed class LimitedContent : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly int _maxBytes;

        public LimitedContent(HttpContent inner, int maxBytes)
        {
            (_inner, _maxBytes) = (inner, maxBytes);
            foreach (KeyValuePair<string, IEnumerable<string>> header in inner.Headers)
                Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        protected override Task<Stream> CreateContentReadStreamAsync() =>
            CreateContentReadStreamAsync(CancellationToken.None);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
        {
            if (_inner.Headers.ContentLength > _maxBytes) throw new AnswerTooLarge(_maxBytes);
            return new LimitedStream(await _inner.ReadAsStreamAsync(cancellationToken), _maxBytes);
        }

        protected override Stream CreateContentReadStream(CancellationToken cancellationToken)
        {
            if (_inner.Headers.ContentLength > _maxBytes) throw new AnswerTooLarge(_maxBytes);
            return new LimitedStream(_inner.ReadAsStream(cancellationToken), _maxBytes);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await using Stream limited = await CreateContentReadStreamAsync(cancellationToken);
            await limited.CopyToAsync(stream, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>The other side sent more than any answer has.</summary>
internal sealed class AnswerTooLarge(int maxBytes) : IOException($"The answer has more than {maxBytes} bytes.");
