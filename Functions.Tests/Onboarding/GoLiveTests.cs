using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts.Sessions;
using Vellarys.Http;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Functions;
using Vellarys.Tests.Secrets;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Onboarding;

/// <summary>
/// A stranger goes from nothing to a customer who is answered, by HTTP and what the product says alone: the steps of
/// the README's "Go live in fifteen minutes".
/// </summary>
public sealed partial class GoLiveTests
{
    private const string Password = "uma frase bem comprida";
    private const string Secret = "what-the-meta-app-signs-with";

    [Fact]
    public async Task Standalone_FromAnEmptyDatabase_AnswersACustomerOfANewCompany()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using OutsideWorld outside = await OutsideWorld.StartAsync();
        int port = HostProcess.FreePort();
        Dictionary<string, string> environment = new()
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["VELLARYS_API_KEY"] = "an-installations-own-key",
            ["PUBLIC_URL"] = $"http://127.0.0.1:{port}",
            ["OPENAI_API_KEY"] = "test",
            ["OPENAI_BASE_URL"] = outside.ModelUrl,
            ["PROVIDER_BASE_URL"] = outside.ProviderUrl,
        };
        foreach ((string name, string? value) in Rings.Settings("k1"))
            environment[name.Replace(":", "__", StringComparison.Ordinal)] = value!;
        await using HostProcess host = HostProcess.Start(port, environment);
        Assert.True(await host.ReadyAsync(), host.Output);
        string token = await UntilAsync(() => Link().Match(host.Output) is { Success: true } link
            ? link.Groups[1].Value : null);
        await GoLiveAsync(host.Address, token, outside);
    }

    [Fact]
    public async Task Functions_WithoutAnAccount_AnswersACustomerOfANewCompany()
    {
        await using FunctionsWorld world = await FunctionsWorld.OpenAsync(also: Rings.Settings("k1"));
        world.Host.Services.GetRequiredService<ApiOptions>().PublicUrl = world.Host.Address.ToString();
        // Functions print no link: whoever has the database makes one.
        string token = (await world.Host.Services.GetRequiredService<SetupLink>().MakeAsync(default))!;
        await GoLiveAsync(world.Host.Address, token, world.Outside);
    }

    private static async Task GoLiveAsync(Uri address, string token, OutsideWorld outside)
    {
        using HttpClient stranger = new() { BaseAddress = address };
        await PostAsync(stranger, "/api/v1/auth/setup", new
        {
            token, email = "root@vellarys.example", username = "root", name = "Root", password = Password,
        });
        await SignInAsync(stranger, "root", Password);
        JsonElement report = await PostAsync(stranger, "/api/v1/onboarding", new
        {
            externalRef = "loja-aurora",
            tenant = new { name = "Loja Aurora" },
            channel = new
            {
                kind = "meta-cloud", address = "106540352242922", accessToken = "EAAG-token-of-the-first-number",
                webhookSecret = Secret, verifyToken = "verify-token-of-it",
            },
            prompt = "You answer for a shop that sells tea.",
            admin = new { email = "ana@aurora.example", username = "ana", name = "Ana" },
        });
        Assert.Equal(
            ["done", "done", "done", "skipped", "done", "done", "skipped", "done"],
            report.GetProperty("steps").EnumerateArray().Select(s => Text(s, "state")));

        var wayIn = new Uri(Text(report, "webhookUrl"));
        using MetaWebhooks meta = new(Secret, "106540352242922", address) { Path = wayIn.AbsolutePath };
        await new MetaCustomers(meta).WriteAsync("5511988887777", "wamid.first", "Olá, quanto custa? [ref:1]");
        ProviderSend answer = await UntilAsync(() => outside.Sends.FirstOrDefault());
        Assert.Equal(("5511988887777", 1), (answer.To, answer.Reference));

        using HttpClient ana = new() { BaseAddress = address };
        await SignInAsync(ana, "ana@aurora.example", Text(report.GetProperty("once"), "adminPassword"));
        JsonElement seen = await ana.GetFromJsonAsync<JsonElement>("/api/v1/conversations");
        Assert.Single(seen.GetProperty("items").EnumerateArray());
        JsonElement week = await stranger.GetFromJsonAsync<JsonElement>(
            $"/api/v1/onboarding/{Text(report, "tenantId")}");
        Assert.Equal(1, week.GetProperty("messagesIn").GetInt32());
    }

    private static async Task SignInAsync(HttpClient client, string login, string password)
    {
        JsonElement signed = await PostAsync(client, "/api/v1/auth/sign-in", new { login, password });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", Text(signed, "accessToken"));
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync(path, body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonElement.Parse(text);
    }

    private static async Task<T> UntilAsync<T>(Func<T?> look)
        where T : class
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (look() is { } found) return found;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    [GeneratedRegex(@"/setup\?token=([\w-]+)")]
    private static partial Regex Link();
}
