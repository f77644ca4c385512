using Vellarys.Accounts.Sessions;
using Vellarys.Api;
using Vellarys.Standalone.Demo;
using Vellarys.Storage;

namespace Vellarys.Standalone.Commands;

/// <summary>The host itself: migrates, then serves until it is told to stop.</summary>
internal static class Serve
{
    public static async Task RunAsync(bool demo, bool showKey)
    {
        WebApplicationBuilder builder = Composition.CreateBuilder();
        SettingsCheck settings = builder.AddEngine();
        builder.AddWorkers();
        await using WebApplication app = builder.Build();
        settings.Finish(app.Services);
        _ = app.Services.GetRequiredService<StorageOptions>();
        OwnerSecret.Forget(app.Configuration);

        await app.Services.GetRequiredService<DatabaseStart>().RunAsync(default);
        if (demo) await app.Services.GetRequiredService<DemoTenant>().SeedAsync(default);
        app.MapEngine(app);
        app.Listen();
        string? setup = await app.Services.GetRequiredService<SetupLink>().MakeAsync(default);
        app.AnnounceWhenReady(demo, showKey, setup);
        await app.RunAsync();
    }
}
