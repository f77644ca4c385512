using System.ClientModel.Primitives;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Moq;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Limits;
using Xunit;

namespace Vellarys.Tests.Assistant.Model.Chat;

/// <summary>Which adapter the settings choose, and what is said of those that choose none.</summary>
public sealed class ModelProviderTests
{
    private const string Resource = "https://contoso.openai.azure.com/";

    [Theory]
    [InlineData("OPENAI_API_KEY=k")]
    [InlineData("OPENAI_API_KEY=k Assistant:Provider=OpenAI")]
    [InlineData("OPENAI_API_KEY=k OPENAI_BASE_URL=http://127.0.0.1:11434/v1 Assistant:Provider=openai")]
    [InlineData("AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource)]
    [InlineData("AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource + "openai/v1")]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource + " Assistant:UseIdentity=true")]
    public async Task Settings_OfOpenAi_AreReachedByItsAdapter(string settings)
    {
        await using ServiceProvider services = Services(settings, Mock.Of<AuthenticationPolicy>());
        Assert.IsType<OpenAiAdapter>(services.GetRequiredService<IModelAdapter>());
        Assert.IsType<ChatModel>(services.GetRequiredService<IModel>());
    }

    [Theory]
    [InlineData(Resource)]
    [InlineData("https://contoso.openai.azure.com")]
    [InlineData(Resource + "openai")]
    [InlineData(Resource + "openai/")]
    [InlineData(Resource + "OpenAI/")]
    [InlineData(Resource + "openai/v1")]
    [InlineData(Resource + "openai/v1/")]
    public async Task Endpoint_OfAzureHoweverItIsWritten_IsTheSame(string endpoint)
    {
        await using ServiceProvider services = Services($"AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT={endpoint}");
        Assert.Equal(
            Resource + "openai/v1", services.GetRequiredService<AssistantOptions>().BaseUrl.ToString().TrimEnd('/'),
            ignoreCase: true);
    }

    [Fact]
    public async Task Settings_OfAzure_AreReachedByTheHostsAdapter()
    {
        IModelAdapter azure = Mock.Of<IModelAdapter>();
        await using ServiceProvider services = Services(
            $"Assistant:Provider=azure AZURE_OPENAI_ENDPOINT={Resource} AZURE_OPENAI_API_KEY=k OPENAI_API_KEY=other "
            + "OPENAI_BASE_URL=https://other OPENAI_MODEL=chat Assistant:ApiVersion=2024-10-21", azure);
        Assert.Same(azure, services.GetRequiredService<IModelAdapter>());
        Assert.IsType<ChatModel>(services.GetRequiredService<IModel>());
        Assert.Equal(
            new ModelEndpoint(new Uri(Resource), "chat", "k", "2024-10-21"),
            services.GetRequiredService<AssistantOptions>().Endpoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OPENAI_BASE_URL=http://127.0.0.1:11434/v1")]
    [InlineData("Assistant:Provider=")]
    public async Task Settings_WithoutKey_AskNobody(string settings)
    {
        await using ServiceProvider services = Services(settings);
        Assert.Null(services.GetService<IModel>());
    }

    [Theory]
    [InlineData("Assistant:Provider=gemini", "Assistant:Provider")]
    [InlineData("Assistant:Provider=7 OPENAI_API_KEY=k", "Assistant:Provider must be openai or azure")]
    [InlineData("Assistant:Provider=openai", "Assistant:ApiKey (or OPENAI_API_KEY)")]
    [InlineData("Assistant:Provider=azure", "Assistant:ApiKey (or AZURE_OPENAI_API_KEY)")]
    [InlineData("Assistant:Provider=azure", "Assistant:Model (or OPENAI_MODEL)")]
    [InlineData("Assistant:Provider=azure", "Assistant:BaseUrl (or AZURE_OPENAI_ENDPOINT)")]
    [InlineData("Assistant:Provider=azure", "Assistant:Provider: this host has no adapter for azure")]
    [InlineData("AZURE_OPENAI_ENDPOINT=" + Resource, "Assistant:ApiKey (or AZURE_OPENAI_API_KEY)")]
    [InlineData("Assistant:UseIdentity=true", "Assistant:UseIdentity: this host has no identity")]
    [InlineData("Assistant:UseIdentity=true OPENAI_API_KEY=k", "Assistant:UseIdentity and a key")]
    [InlineData("OPENAI_API_KEY=k Assistant:ApiVersion=2024-10-21", "Assistant:ApiVersion is for Provider azure only")]
    [InlineData("OPENAI_API_KEY=k OPENAI_BASE_URL=" + Resource, "Assistant:BaseUrl is a resource of Azure")]
    [InlineData(
        "AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource + "openai/deployments/chat",
        "Assistant:BaseUrl is a resource of Azure")]
    [InlineData(
        "AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource + "openai/deployments/chat/chat/completions",
        "Assistant:BaseUrl must end before /chat/completions")]
    [InlineData(
        "AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource + "v2/", "Assistant:BaseUrl is a resource of Azure")]
    [InlineData(
        "AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource + "openai/openai/v1",
        "Assistant:BaseUrl is a resource of Azure")]
    [InlineData(
        "AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource + "?api-version=2024-10-21",
        "Assistant:BaseUrl is a resource of Azure")]
    [InlineData(
        "OPENAI_API_KEY=k OPENAI_BASE_URL=https://models.example.com/v1/chat/completions",
        "Assistant:BaseUrl must end before /chat/completions")]
    [InlineData(
        "Assistant:Provider=azure AZURE_OPENAI_API_KEY=k AZURE_OPENAI_ENDPOINT=" + Resource + "openai/v1/",
        "Assistant:BaseUrl must be the resource without /openai")]
    [InlineData("Assistant:Provider=azure AZURE_OPENAI_ENDPOINT=contoso", "Assistant:BaseUrl must be an http(s)")]
    public void Settings_WrongOrHalf_AreNamed(string settings, string fault)
    {
        Exception e = Assert.ThrowsAny<Exception>(() => Services(settings));
        Assert.True(e is OptionsValidationException or InvalidOperationException { InnerException: FormatException });
        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoint_Text_HoldsNoKey() => Assert.Equal(
        "chat at https://contoso.openai.azure.com/",
        new ModelEndpoint(new Uri(Resource), "chat", "sk-secret", null).ToString());

    private static ServiceProvider Services(string settings, object? ofTheHost = null)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
            from setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            let at = setting.IndexOf('=', StringComparison.Ordinal)
            select new KeyValuePair<string, string?>(setting[..at], setting[(at + 1)..])).Build();
        IServiceCollection services = new ServiceCollection().AddLogging().AddLimits(configuration);
        if (ofTheHost is AuthenticationPolicy policy) services.AddSingleton(policy);
        if (ofTheHost is IModelAdapter adapter) services.AddSingleton(adapter);
        return services.AddAssistant(configuration).BuildServiceProvider();
    }
}
