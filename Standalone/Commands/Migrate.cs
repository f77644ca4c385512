namespace Vellarys.Standalone.Commands;

/// <summary>
/// Brings the database to this release's schema, for deployments that migrate in a step of their own.
/// </summary>
internal static class Migrate
{
    public static async Task RunAsync()
    {
        await using WebApplication app = OneOff.Build();
        await app.Services.GetRequiredService<DatabaseStart>().MigrateAsync(default);
    }
}
