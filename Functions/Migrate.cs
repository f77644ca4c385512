using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Api;
using Vellarys.Functions.Identity;
using Vellarys.Storage;
using Vellarys.Storage.Schema;

namespace Vellarys.Functions;

/// <summary>
/// The step of a deployment that brings the database to this release's schema, as whoever deploys. Nothing of the
/// identity's token leaves this process.
/// </summary>
internal static class Migrate
{
    private const int Failed = 1;
    private const int Misconfigured = 2;

    public static async Task<int> RunAsync()
    {
        ConfigurationManager configuration = new();
        configuration.AddEnvironmentVariables();
        ServiceCollection services = new();
        services.AddLogging(logs => logs.AddSimpleConsole(line => line.SingleLine = true));
        services.AddHostIdentity(configuration);
        services.AddStorage(configuration);
        await using ServiceProvider provider = services.BuildServiceProvider();
        SettingsCheck settings = new();
        try
        {
            settings.Try(() => provider.GetRequiredService<Migrator>());
            settings.Finish(provider);
            await provider.GetRequiredService<Migrator>().RunAsync(default);
            Console.WriteLine("The database has this release's schema.");
            return 0;
        }
        catch (StartRefused e)
        {
            return Say(Misconfigured, string.Join("\n  ", e.Mistakes));
        }
        catch (Exception e) when (e is NpgsqlException or TransientFault or PermanentFault)
        {
            return Say(Failed, e.Message.Split('\n')[0].Trim());
        }
    }

    private static int Say(int exitCode, string reason)
    {
        Console.Error.WriteLine($"The database was not migrated: {reason}");
        return exitCode;
    }
}
