using System.Diagnostics;
using OpenTelemetry;

namespace Vellarys.Standalone;

/// <summary>
/// Takes out of a span what names a request's address: a webhook's path is a secret, others hold phone numbers. The
/// route says enough.
/// </summary>
internal sealed class PathlessSpans : BaseProcessor<Activity>
{
    private static readonly string[] Tags = ["url.path", "url.query", "url.full", "http.target", "http.url"];

    public override void OnEnd(Activity data)
    {
        foreach (string tag in Tags)
            if (data.GetTagItem(tag) is not null) data.SetTag(tag, null);
    }
}
