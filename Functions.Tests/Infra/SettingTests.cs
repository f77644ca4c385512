using System.Reflection;
using System.Text.Json.Nodes;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Api;
using Vellarys.Assistant;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Functions;
using Vellarys.Functions.Model;
using Vellarys.Functions.Redis;
using Vellarys.Storage;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>
/// The app's settings in the template are those that it reads, all that it needs, and none with a secret.
/// </summary>
[Collection(nameof(Deployment))]
public sealed class SettingTests
{
    // What the Functions host reads, not this code.
    private static readonly string[] OfTheHost =
    [
        "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri", "AzureWebJobsDisableHomepage",
        "ServiceBus__credential", "ServiceBus__clientId",
    ];

    [Fact]
    public void Settings_Each_IsReadBySomething()
    {
        string host = File.ReadAllText(Path.Combine(Sources.Root, "host.json"));
        string code = string.Concat(Sources.CSharp("Engine", "Functions").Select(f => f.Text));
        HashSet<string> options = [.. OptionNames()];
        Rule.Holds(
            from name in Settings(Deployment.Of("small", "metaSecrets=true")).Keys
            let key = name.Replace("__", ":", StringComparison.Ordinal)
            where !OfTheHost.Contains(name)
                && !options.Contains(key)
                && !code.Contains($"\"{key}\"", StringComparison.Ordinal)
                && !host.Contains($"%{name}%", StringComparison.Ordinal)
            select $"nobody reads {name}");
    }

    [Theory]
    [InlineData("small")]
    [InlineData("medium")]
    [InlineData("production")]
    public async Task Settings_All_AreEnoughToStart(string size)
    {
        ConfigurationManager configuration = Configured(Deployment.Of(size, "metaSecrets=true"), resolved: true);
        ServiceCollection services = new();
        services.AddLogging();
        SettingsCheck check = services.AddVellarys(configuration);
        await using ServiceProvider provider = services.BuildServiceProvider();

        // Built with the stand-in, it refuses to start in Azure for that reason, and for no other.
        StartRefused? refused = Record.Exception(() => check.Finish(provider)) as StartRefused;

        Assert.All(refused?.Mistakes ?? [], m => Assert.Contains("ServiceBusExtension", m, StringComparison.Ordinal));
        Assert.True(provider.GetRequiredService<AssistantOptions>().UseIdentity);
        Assert.IsType<AzureOpenAiAdapter>(provider.GetRequiredService<IModelAdapter>());
        Assert.Equal("gpt-4.1-mini", provider.GetRequiredService<AssistantOptions>().Model);
        Assert.IsType<ManagedIdentityCredential>(provider.GetRequiredService<Azure.Core.TokenCredential>());
        StorageOptions storage = provider.GetRequiredService<StorageOptions>();
        Assert.Equal(("", false), (storage.Url, storage.MigrateAtStart));
        Assert.Equal("vellarys_app", Connections.App(storage).Username);
        Assert.Equal(6432, Connections.App(storage).Port);
        Assert.Equal(Npgsql.SslMode.VerifyFull, Connections.App(storage).SslMode);
        Assert.NotNull(provider.GetService<RedisConnection>());
    }

    [Fact]
    public async Task Settings_SecretThatTheVaultDoesNotGive_StopsTheApp()
    {
        ConfigurationManager configuration = Configured(Deployment.Of("small"), resolved: false);
        ServiceCollection services = new();
        services.AddLogging();
        SettingsCheck check = services.AddVellarys(configuration);
        await using ServiceProvider provider = services.BuildServiceProvider();

        StartRefused refused = Assert.Throws<StartRefused>(() => check.Finish(provider));

        Assert.Contains(refused.Mistakes, m => m.StartsWith("VELLARYS_API_KEY: Key Vault", StringComparison.Ordinal));
        Assert.DoesNotContain(refused.Mistakes, m => m.Contains("SecretUri", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_Secrets_AreReferencesToTheVault()
    {
        Dictionary<string, string> settings = Settings(Deployment.Of("small", "metaSecrets=true"));
        string[] secret = ["VELLARYS_API_KEY", "META_APP_SECRET", "META_VERIFY_TOKEN"];
        Assert.All(secret, name => Assert.StartsWith(
            "@Microsoft.KeyVault(SecretUri=", settings[name], StringComparison.Ordinal));
        Assert.All(settings.Where(s => !secret.Contains(s.Key)), s => Assert.False(
            s.Key.Contains("KEY", StringComparison.OrdinalIgnoreCase)
            || s.Key.Contains("SECRET", StringComparison.OrdinalIgnoreCase)
            || s.Value.Contains("password", StringComparison.OrdinalIgnoreCase)
            || s.Value.Contains("SharedAccess", StringComparison.OrdinalIgnoreCase), s.Key));
        Assert.Equal("vellarys_app", new Uri(settings["DATABASE_APP_URL"]).UserInfo);
        Assert.Equal("vellarys_app", new Uri(settings["PGBOUNCER_URL"]).UserInfo);
    }

    [Fact]
    public void Settings_OfTheMetaApp_AreThereOnlyOnceTheVaultHoldsThem() => Assert.DoesNotContain(
        Settings(Deployment.Of("small")).Keys, name => name.StartsWith("META_", StringComparison.Ordinal));

    internal static Dictionary<string, string> Settings(Deployment deployment) =>
        deployment.Single("Microsoft.Web/sites/config")["properties"]!.AsObject()
            .ToDictionary(s => s.Key, s => s.Value!.ToString());

    // The binder's own names: a section, and a property of its options.
    private static IEnumerable<string> OptionNames() =>
        from type in typeof(StorageOptions).Assembly.GetTypes().Concat(typeof(Composition).Assembly.GetTypes())
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic)
        where section?.GetRawConstantValue() is string
        from property in type.GetProperties()
        where property.CanWrite
        select $"{section!.GetRawConstantValue()}:{property.Name}";

    private static ConfigurationManager Configured(Deployment deployment, bool resolved)
    {
        ConfigurationManager configuration = new();
        foreach ((string name, string value) in Settings(deployment))
        {
            bool isReference = value.StartsWith("@Microsoft.KeyVault", StringComparison.Ordinal);
            // What only Azure knows is some host, and some secret.
            configuration[name.Replace("__", ":", StringComparison.Ordinal)] = name switch
            {
                _ when isReference && resolved => "from-the-vault-0123456789",
                "Redis__Host" => "amr-test.brazilsouth.redis.azure.net:10000",
                "AZURE_OPENAI_ENDPOINT" => "https://oai-test.openai.azure.com/",
                // Nothing is sent from here.
                "APPLICATIONINSIGHTS_CONNECTION_STRING" => null,
                _ => value,
            };
        }

        return configuration;
    }
}
