using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Vellarys.Channels.MetaCloud.Files;

/// <summary>A file as the form that the API takes files in; read through once, and never held whole.</summary>
internal static class MetaUpload
{
    private const int MaxName = 60;

    public static MultipartFormDataContent Of(OutboundFile file, Stream content) => new()
    {
        Named(new StringContent("whatsapp"), "\"messaging_product\"", null),
        Named(new StringContent(file.MimeType), "\"type\"", null),
        Named(new FileContent(content, file), "\"file\"", $"\"{NameOf(file)}\""),
    };

    private static HttpContent Named(HttpContent part, string name, string? fileName)
    {
        part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = name,
            FileName = fileName,
        };
        return part;
    }

    /// <summary>The customer sees the name that goes with the message; this one only has to get through.</summary>
    private static string NameOf(OutboundFile file)
    {
        var name = new StringBuilder();
        foreach (char c in file.Name.AsSpan(Math.Max(0, file.Name.Length - MaxName)))
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_');
        return name.Length == 0 ? "file" : name.ToString();
    }

    private sealed class FileContent : HttpContent
    {
        private readonly Stream _content;
        private readonly long _length;

        public FileContent(Stream content, OutboundFile file)
        {
            (_content, _length) = (content, file.Length);
            Headers.TryAddWithoutValidation("Content-Type", file.MimeType);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _content.CopyToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }
}
