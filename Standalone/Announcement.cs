using Vellarys.Http;

namespace Vellarys.Standalone;

/// <summary>Says where the host is to be found, once it is.</summary>
internal static class Announcement
{
    /// <param name="forPeople">Somebody started it by hand and reads what it says.</param>
    /// <param name="showKey">The key was made for this start's user, who is told it. It goes into no log.</param>
    /// <param name="setup">Of the one-time link to the first account; null once there is one. It goes into no
    /// log.</param>
    public static void AnnounceWhenReady(this WebApplication app, bool forPeople, bool showKey, string? setup) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            app.Logger.Listening(string.Join(' ', app.Urls));
            if (setup is not null) Console.Error.WriteLine(SetupText(app.Urls.First(), setup));
            if (!forPeople) return;
            Console.Error.WriteLine(Text(app.Urls.First(), app.Services.GetRequiredService<ApiOptions>(), showKey));
        });

    private static string SetupText(string url, string token) =>
        $"""

            Nobody has an account here yet. This link makes the first administrator, once, within a day:

              {url}/setup?token={token}

            """;

    private static string Text(string url, ApiOptions api, bool showKey)
    {
        (string link, string key) = api.Key.Length == 0
            ? ("", api.AllowKeyless ? "none: open to whatever reaches it over this machine" : "none: calls are refused")
            : showKey
                ? ($"?key={api.Key}", api.Key)
                : ("?key=<VELLARYS_API_KEY>", "the one you have set; send it as Authorization: Bearer");
        return $"""

            Vellarys runs. Ctrl+C stops it.

              Try it      {url}/sandbox{link}
              Health      {url}/health
              API         {url}/api/v1
              Key         {key}
              Webhooks    {url}/api/v1/webhooks/<channel id>
                          {url}/api/whatsapp/webhooks/messages   (one Meta app, many numbers)

            """;
    }
}
