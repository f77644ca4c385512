namespace Vellarys.Standalone.Commands;

internal static class Serve
{
    public static async Task RunAsync(bool seedDemo)
    {
        WebApplicationBuilder builder = Composition.CreateBuilder();
        await using WebApplication app = builder.Build();
        app.Listen();
        await app.RunAsync();
    }
}
