using Vellarys.Standalone.Demo;

namespace Vellarys.Standalone.Commands;

/// <summary>Puts the demo tenant in place. Twice does no harm.</summary>
internal static class SeedDemo
{
    public static async Task RunAsync()
    {
        await using WebApplication app = OneOff.Build();
        await app.Services.GetRequiredService<DemoTenant>().SeedAsync(default);
    }
}
