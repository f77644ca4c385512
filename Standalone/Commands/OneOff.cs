using Vellarys.Api;

namespace Vellarys.Standalone.Commands;

/// <summary>The engine without anything that runs by itself, for commands that do one thing and end.</summary>
internal static class OneOff
{
    public static WebApplication Build()
    {
        WebApplicationBuilder builder = Composition.CreateBuilder();
        SettingsCheck settings = builder.AddEngine();
        WebApplication app = builder.Build();
        settings.Finish(app.Services);
        return app;
    }
}
