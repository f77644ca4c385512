using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vellarys.Tests.Pages;

/// <summary>The waiting queue of the sandbox page, and the people who serve it.</summary>
public sealed class SandboxQueueTests(SandboxPageTests.Browser browser) : IClassFixture<SandboxPageTests.Browser>
{
    [Fact]
    public async Task CustomerAsksForAPerson_Accepted_TheQueueIsEmptyAgain()
    {
        await using var bruna = await Agent.OnlineAsync(browser.Host.Address, "Bruna");
        await using SandboxPage page = await browser.OpenAsync();
        await Expect(page.Queue).ToBeHiddenAsync();
        await page.Page.GetByLabel("Eu sou").SelectOptionAsync("Bruna");
        await Expect(page.Page.GetByRole(AriaRole.Switch, new() { Name = "Disponível" })).ToBeCheckedAsync();

        await page.AddCustomerAsync("Zélia Ramos", page.NewNumber());
        await page.WriteAsCustomerAsync("Quero falar com uma pessoa");
        await Expect(page.Waiters).ToHaveCountAsync(1);
        await Expect(page.Waiters).ToContainTextAsync("1Zélia Ramos");
        await Expect(page.Waiters).ToContainTextAsync("Pediu uma pessoa · oferecida a Bruna");
        await page.AddCustomerAsync("Outra Cliente", page.NewNumber());
        await Expect(page.OpenName).ToBeHiddenAsync();
        await page.ShotAsync("queue");

        await page.Waiters.FocusAsync();
        await page.Page.EvaluateAsync("const now = Date.now; Date.now = () => now() + 3 * 60_000");
        await Expect(page.Waiters.Locator("time")).ToHaveTextAsync("3 min", new() { Timeout = 15_000 });
        await Expect(page.Waiters).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.OpenName).ToHaveTextAsync("Zélia Ramos");
        await Expect(page.Waiters).ToHaveAttributeAsync("aria-current", "true");
        await Expect(page.Button("Recusar")).ToBeVisibleAsync();
        await Expect(page.Button("Aceitar")).ToBeFocusedAsync();
        await page.ShotAsync("queue-open");
        await page.Page.Keyboard.PressAsync("Enter");

        await Expect(page.Queue).ToBeHiddenAsync();
        await Expect(page.Status).ToHaveTextAsync("Atendimento");
        await Expect(page.Reply).ToBeFocusedAsync();
        await Expect(page.Button("Aceitar")).ToBeHiddenAsync();
        await page.Button("Encerrar").ClickAsync();
        await Expect(page.Status).ToHaveTextAsync("Encerrado");
    }

    [Fact]
    public async Task OfferedToAnother_Accepted_IsRefusedUntilThatOneDeclines()
    {
        await using var bruna = await Agent.OnlineAsync(browser.Host.Address, "Bruna");
        await using var caio = await Agent.OnlineAsync(browser.Host.Address, "Caio", isThere: false);
        await using SandboxPage page = await browser.OpenAsync(360, 740, ColorScheme.Dark);
        await page.WriteAsCustomerAsync("Quero falar com uma pessoa");
        await page.Page.Locator("#tab-desk").ClickAsync();
        await Expect(page.Waiters).ToContainTextAsync("oferecida a Bruna");
        await page.Page.GetByLabel("Eu sou").SelectOptionAsync("Caio");
        await page.Page.GetByRole(AriaRole.Switch, new() { Name = "Disponível" }).ClickAsync();
        await Expect(page.Page.Locator("#available")).ToHaveAttributeAsync("aria-checked", "true");
        await page.ShotAsync("queue-360-dark");

        await page.Waiters.ClickAsync();
        await Expect(page.Button("Recusar")).ToBeHiddenAsync();
        await page.Button("Aceitar").ClickAsync();
        await Expect(page.Page.Locator("#notice-text")).ToHaveTextAsync("A conversa está oferecida a outra pessoa.");
        await page.ShotAsync("queue-360-dark-refused");

        await page.Button("Voltar").ClickAsync();
        await page.Page.GetByLabel("Eu sou").SelectOptionAsync("Bruna");
        await page.Waiters.ClickAsync();
        await page.Button("Recusar").ClickAsync();
        await Expect(page.Button("Recusar")).ToBeHiddenAsync();
        await page.Button("Voltar").ClickAsync();
        await Expect(page.Waiters).ToContainTextAsync("oferecida a Caio");
        await page.Page.ReloadAsync();
        await page.Page.Locator("#tab-desk").ClickAsync();
        await Expect(page.Page.Locator("#agent option:checked")).ToHaveTextAsync("Bruna");
        Assert.True(await page.Page.EvaluateAsync<bool>(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"));

        await page.Waiters.ClickAsync();
        await page.Button("Encerrar").ClickAsync();
        await Expect(page.Status).ToHaveTextAsync("Encerrado");
        await Expect(page.Waiters).ToHaveCountAsync(0);
    }

    /// <summary>One who answers customers for one test, and has left by the next.</summary>
    private sealed class Agent(HttpClient api, Guid id, string name) : IAsyncDisposable
    {
        public static async Task<Agent> OnlineAsync(Uri host, string name, bool isThere = true)
        {
            var api = new HttpClient { BaseAddress = new Uri(host, "/api/v1/") };
            using HttpResponseMessage created = await api.PostAsJsonAsync("agents", new { name });
            created.EnsureSuccessStatusCode();
            Guid id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
            if (!isThere) return new Agent(api, id, name);
            using HttpResponseMessage there = await api.PutAsJsonAsync(
                $"agents/{id}/presence", new { presence = "online" });
            there.EnsureSuccessStatusCode();
            return new Agent(api, id, name);
        }

        public async ValueTask DisposeAsync()
        {
            using HttpResponseMessage left = await api.PutAsJsonAsync($"agents/{id}", new { name, active = false });
            left.EnsureSuccessStatusCode();
            api.Dispose();
        }
    }
}
