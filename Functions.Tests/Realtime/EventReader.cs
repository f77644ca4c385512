using Vellarys.Tests.Messaging;
using Xunit;

namespace Vellarys.Tests.Realtime;

/// <summary>A watcher: one open stream of server-sent events.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader lines) : IAsyncDisposable
{
    public string Seen { get; private set; } = "";

    public static async Task<EventReader> OpenAsync(HttpClient client, TenantId tenant)
    {
        HttpResponseMessage response = await client.GetAsync(
            $"/api/v1/events?tenant={tenant}", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public async Task<string?> LineAsync()
    {
        string? line = await lines.ReadLineAsync().WaitAsync(Arrivals.Patience);
        Seen += line + "\n";
        return line;
    }

    public async Task<(string Kind, string Id, string Json)> NextAsync()
    {
        Dictionary<string, string> fields = [];
        while (true)
        {
            string line = await LineAsync() ?? throw new EndOfStreamException();
            if (line.Length == 0 && fields.ContainsKey("event")) break;
            if (line.Split(": ", 2) is [var name, var value] && name.Length > 0) fields[name] = value;
        }

        return (fields["event"], fields["id"], fields["data"]);
    }

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
