using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vellarys.Tests.Pages;

/// <summary>The sandbox page where event streams are limited: it goes on, and says honestly how.</summary>
public sealed class SandboxLiveTests(SandboxPageTests.Browser browser) : IClassFixture<SandboxPageTests.Browser>
{
    private const string Events = "**/api/v1/events*";

    // Every state that the user was shown after the first, in order.
    private const string Watch =
        """
        addEventListener('DOMContentLoaded', () => {
          window.states = [];
          new MutationObserver(() => {
            const state = document.getElementById('live').dataset.state;
            if (window.states.at(-1) !== state) window.states.push(state);
          }).observe(document.getElementById('live'), { attributes: true, attributeFilter: ['data-state'] });
        });
        """;

    // Ten times as fast as the wall's. Timers are not: only what the page takes the time of.
    private const string FastClock =
        """
        const now = performance.now.bind(performance);
        performance.now = () => 10 * now();
        """;

    [Theory]
    [InlineData(503)]
    [InlineData(404)]
    public async Task StreamRefused_PagePolls_AndReturnsToTheStreamLater(int status)
    {
        await using SandboxPage page = await browser.OpenAsync(
            prepare: p => p.RouteAsync(Events, route => route.FulfillAsync(new() { Status = status })),
            state: "polling");
        await Expect(page.Live).ToHaveTextAsync("Atualizando a cada 5 s");
        await page.ShotAsync($"polling-{status}");
        await page.WriteAsCustomerAsync("Sem fluxo de eventos");
        await Expect(page.Lines("bot")).ToHaveCountAsync(1, new() { Timeout = 20_000 });
        await Expect(page.Answers).ToHaveCountAsync(1);
        await Expect(page.Page.Locator("#notice")).ToBeHiddenAsync();

        await page.Page.UnrouteAsync(Events);
        await Expect(page.Live).ToHaveAttributeAsync("data-state", "on", new() { Timeout = 60_000 });
        await page.WriteAsCustomerAsync("De novo ao vivo");
        await Expect(page.Answers).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task StreamBreaksTwiceWithinSeconds_PagePolls()
    {
        await using SandboxPage page = await browser.OpenAsync(
            prepare: p => p.RouteAsync(Events, route => route.FulfillAsync(new()
            {
                Status = 200,
                ContentType = "text/event-stream",
                Body = "retry: 100\nevent: ready\ndata: {}\n\n",
            })),
            state: "polling");
        await page.WriteAsCustomerAsync("O proxy corta");
        await Expect(page.Answers).ToHaveCountAsync(1, new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task StreamSaysNothing_PagePolls_AndReturnsToTheStreamLater()
    {
        // As behind a proxy that holds the answer back until it is complete: never.
        await using SandboxPage page = await browser.OpenAsync(
            prepare: p => p.RouteAsync(Events, _ => Task.CompletedTask), state: "connecting");
        await Expect(page.Live).ToHaveAttributeAsync("data-state", "polling", new() { Timeout = 30_000 });
        await page.WriteAsCustomerAsync("Alguém aí?");
        await Expect(page.Answers).ToHaveCountAsync(1, new() { Timeout = 20_000 });

        await page.Page.UnrouteAsync(Events);
        await Expect(page.Live).ToHaveAttributeAsync("data-state", "on", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Polling_ServerOutOfReach_IsShownAsNoConnection()
    {
        await using SandboxPage page = await browser.OpenAsync(
            prepare: p => p.RouteAsync(Events, route => route.FulfillAsync(new() { Status = 503 })),
            state: "polling");
        await page.Page.Context.SetOfflineAsync(true);
        await Expect(page.Live).ToHaveAttributeAsync("data-state", "off", new() { Timeout = 20_000 });
        await Expect(page.Live).ToHaveTextAsync("Sem conexão. Tentando de novo…");
        await page.Page.UnrouteAsync(Events);
        await page.Page.Context.SetOfflineAsync(false);
        await Expect(page.Live).ToHaveAttributeAsync("data-state", "on", new() { Timeout = 60_000 });
        await Expect(page.Page.Locator("#notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task StreamEndsInOrder_PageReconnectsWithoutAWord()
    {
        // By the page's clock half a minute: far longer than what it takes for a way that cuts streams off.
        await using EnginePageHost host = await EnginePageHost.StartAsync(
            new() { ["Realtime:MaxDuration"] = "00:00:03" });
        int streams = 0;
        TaskCompletionSource third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SandboxPage page = await browser.OpenAsync(host: host.Address, prepare: async p =>
        {
            await p.AddInitScriptAsync(Watch);
            await p.AddInitScriptAsync(FastClock);
            p.Request += (_, request) =>
            {
                if (request.Url.Contains("/api/v1/events", StringComparison.Ordinal)
                    && Interlocked.Increment(ref streams) == 3) third.SetResult();
            };
        });
        await third.Task;
        await page.WriteAsCustomerAsync("Ainda aí?");
        await Expect(page.Answers).ToHaveCountAsync(1);
        Assert.Equal(["on"], await page.Page.EvaluateAsync<string[]>("window.states"));
        await Expect(page.Page.Locator("#notice")).ToBeHiddenAsync();
    }
}
