using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Api;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Functions;
using Vellarys.Functions.Model;
using Xunit;

namespace Vellarys.Tests.Functions.Model;

/// <summary>Which adapter the Functions app takes, and with what it signs.</summary>
public sealed class AzureModelSetupTests
{
    private const string Resource = "https://contoso.openai.azure.com/";

    [Theory]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource, true, true)]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource + " AZURE_OPENAI_API_KEY=k", true, false)]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource + " Assistant:ApiKey=k", true, false)]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource + " Assistant:Provider=openai", false, true)]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource + "openai/v1/", false, true)]
    [InlineData("Assistant:Provider=Azure Assistant:ApiKey=k Assistant:BaseUrl=" + Resource, true, false)]
    [InlineData("OPENAI_API_KEY=k", false, false)]
    public async Task Composition_OfTheSettings_TakesOneAdapterAndOneSignature(
        string settings, bool azure, bool identity)
    {
        (SettingsCheck check, ServiceProvider provider) = Compose(settings + " OPENAI_MODEL=chat");
        await using ServiceProvider _ = provider;

        Assert.Empty(OfTheModel(check, provider));
        Assert.Equal(azure, Assert.Single(provider.GetServices<IModelAdapter>()) is AzureOpenAiAdapter);
        AssistantOptions options = provider.GetRequiredService<AssistantOptions>();
        Assert.Equal((azure, identity), (options.IsAzure, options.UseIdentity));
        Assert.IsType<ChatModel>(provider.GetRequiredService<IModel>());
    }

    [Theory]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource, "Assistant:Model (or OPENAI_MODEL) must be given")]
    [InlineData(
        "AZURE_OPENAI_ENDPOINT=" + Resource + " OPENAI_MODEL=chat Assistant:ApiVersion=2023-05-15",
        "Assistant:ApiVersion must be one of")]
    [InlineData(
        "AZURE_OPENAI_ENDPOINT=" + Resource + " OPENAI_MODEL=chat AZURE_OPENAI_API_KEY=k Assistant:UseIdentity=true",
        "Assistant:UseIdentity and a key")]
    [InlineData(
        "Assistant:Provider=azure OPENAI_MODEL=chat OPENAI_API_KEY=k", "Assistant:ApiKey (or AZURE_OPENAI_API_KEY)")]
    [InlineData("Assistant:Provider=bedrock", "Assistant:Provider")]
    public async Task Composition_WrongOrHalf_SaysWhichSetting(string settings, string fault)
    {
        (SettingsCheck check, ServiceProvider provider) = Compose(settings);
        await using ServiceProvider _ = provider;
        Assert.Contains(OfTheModel(check, provider), m => m.Contains(fault, StringComparison.Ordinal));
    }

    private static string[] OfTheModel(SettingsCheck check, ServiceProvider provider) =>
        Record.Exception(() => check.Finish(provider)) is StartRefused refused
            ? [.. refused.Mistakes.Where(m => m.Contains("Assistant:", StringComparison.Ordinal))]
            : [];

    private static (SettingsCheck Check, ServiceProvider Provider) Compose(string settings)
    {
        ConfigurationManager configuration = new();
        foreach (string setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = setting.IndexOf('=', StringComparison.Ordinal);
            configuration[setting[..at]] = setting[(at + 1)..];
        }

        ServiceCollection services = new();
        services.AddLogging();
        SettingsCheck check = services.AddVellarys(configuration);
        return (check, services.BuildServiceProvider());
    }
}
