namespace Vellarys.Standalone;

/// <summary>Says where the host is to be found, once it is.</summary>
internal static class Announcement
{
    public static void AnnounceWhenReady(this WebApplication app, bool forPeople) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            app.Logger.Listening(string.Join(' ', app.Urls));
            if (forPeople) Console.Error.WriteLine(Text(app.Urls.First()));
        });

    private static string Text(string url) => $"""

        Vellarys runs. Ctrl+C stops it.

          Try it      {url}/sandbox
          Health      {url}/health
          API         {url}/api/v1
          Webhooks    {url}/api/v1/webhooks/<channel id>
                      {url}/api/whatsapp/webhooks/messages   (one Meta app, many numbers)

        """;
}
