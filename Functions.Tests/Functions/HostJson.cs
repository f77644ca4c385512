using Microsoft.Extensions.Configuration;

namespace Vellarys.Tests.Functions;

/// <summary>What the Functions host would read: the file, and settings that stand above it.</summary>
internal static class HostJson
{
    public static IConfiguration Root { get; } = new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json"))
        .AddEnvironmentVariables("AzureFunctionsJobHost__")
        .Build();
}
