using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vellarys.Tests.Pages;

/// <summary>The sandbox page in a real browser, both sides of it.</summary>
public sealed class SandboxPageTests(SandboxPageTests.Browser browser) : IClassFixture<SandboxPageTests.Browser>
{
    [Fact]
    public async Task Customer_Writes_BothSidesShowTheMessageAndTheAnswer()
    {
        await using SandboxPage page = await browser.OpenAsync();

        await page.ShotAsync("empty");
        await page.WriteAsCustomerAsync("Quanto custa a mesa?");

        await Expect(page.Bubbles.First).ToContainTextAsync("Quanto custa a mesa?");
        await Expect(page.Lines("cliente")).ToContainTextAsync("Quanto custa a mesa?");
        await Expect(page.Answers).ToHaveCountAsync(1);
        await Expect(page.Lines("bot")).ToHaveCountAsync(1);
        await Expect(page.Status).ToHaveTextAsync("Automação");
        await Expect(page.Lines("bot")).ToContainTextAsync("Enviada");
    }

    [Fact]
    public async Task Staff_TakesOverRepliesGivesBack_ThePhoneHearsIt()
    {
        await using SandboxPage page = await browser.OpenAsync();
        await page.WriteAsCustomerAsync("Oi");
        await Expect(page.Answers).ToHaveCountAsync(1);
        await Expect(page.Reply).ToBeDisabledAsync();

        await page.Button("Assumir").ClickAsync();
        await Expect(page.Status).ToHaveTextAsync("Atendimento");
        await Expect(page.Reply).ToBeEnabledAsync();
        await page.Reply.FillAsync("Oi, aqui é a Bia.");
        await page.Reply.PressAsync("Enter");
        await Expect(page.Answers.Last).ToContainTextAsync("Oi, aqui é a Bia.");
        await page.ShotAsync("attended");

        await page.Button("Devolver").ClickAsync();
        await Expect(page.Status).ToHaveTextAsync("Automação");
        await Expect(page.Reply).ToBeDisabledAsync();
        await page.WriteAsCustomerAsync("E a cadeira?");
        await Expect(page.Answers).ToHaveCountAsync(3);

        await page.Button("Encerrar").ClickAsync();
        await Expect(page.Status).ToHaveTextAsync("Encerrado");
        await Expect(page.Button("Assumir")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task SecondCustomer_Writes_HasAConversationOfItsOwn()
    {
        await using SandboxPage page = await browser.OpenAsync();
        await page.WriteAsCustomerAsync("Sou a primeira");
        await Expect(page.Answers).ToHaveCountAsync(1);

        await page.AddCustomerAsync("Zélia Ramos", page.NewNumber());
        await Expect(page.Bubbles).ToHaveCountAsync(0);
        await page.WriteAsCustomerAsync("Sou a segunda");
        await Expect(page.Answers).ToHaveCountAsync(1);
        await Expect(page.OpenName).ToHaveTextAsync("Zélia Ramos");
        await Expect(page.Rows.Filter(new() { HasText = "Zélia Ramos" })).ToHaveCountAsync(1);

        await page.People.First.ClickAsync();
        await Expect(page.Bubbles.First).ToContainTextAsync("Sou a primeira");
        await Expect(page.Chat).Not.ToContainTextAsync("Sou a segunda");
    }

    /// <summary>What every object has is no text of the page, and no reason to show another's words.</summary>
    [Theory]
    [InlineData("constructor")]
    [InlineData("__proto__")]
    [InlineData("toString")]
    [InlineData("hasOwnProperty")]
    public async Task CustomerAndField_NamedAsWhatObjectsHave_ShowTheirOwnLogOnly(string name)
    {
        await using SandboxPage page = await browser.OpenAsync();
        await page.WriteAsCustomerAsync("Sou a primeira");
        await Expect(page.Lines("bot")).ToHaveCountAsync(1);
        await page.Page.RouteAsync(new Regex("/api/v1/conversations/[0-9a-f-]{36}$"), async route =>
        {
            IAPIResponse response = await route.FetchAsync();
            string told = (await response.TextAsync()).Replace(
                "\"fields\":{}", $$"""
                "fields":{"{{name}}":"um valor"}
                """, StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = response, Body = told });
        });

        await page.AddCustomerAsync(name, page.NewNumber());
        await page.WriteAsCustomerAsync("Sou a segunda");

        await Expect(page.OpenName).ToHaveTextAsync(name);
        await Expect(page.Page.Locator("#facts")).ToContainTextAsync("um valor");
        await Expect(page.Lines("cliente")).ToHaveCountAsync(1);
        await Expect(page.Lines("cliente")).ToContainTextAsync("Sou a segunda");
        await Expect(page.Page.Locator("#log")).Not.ToContainTextAsync("Sou a primeira");
    }

    [Fact]
    public async Task HostileText_OnBothSides_IsShownAsText()
    {
        const string Hostile = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";
        await using SandboxPage page = await browser.OpenAsync();

        await page.AddCustomerAsync("<b onclick=hacked()>Eva</b>", page.NewNumber());
        await page.WriteAsCustomerAsync(Hostile);

        await Expect(page.Bubbles.First).ToContainTextAsync(Hostile);
        await Expect(page.Lines("cliente")).ToContainTextAsync(Hostile);
        await Expect(page.OpenName).ToHaveTextAsync("<b onclick=hacked()>Eva</b>");
        await Expect(page.Answers).ToHaveCountAsync(1);
        Assert.False(await page.Page.EvaluateAsync<bool>("'hacked' in window"));
        Assert.Equal(0, await page.Page.Locator("main img, main b:not(#tab-count)").CountAsync());
    }

    [Fact]
    public async Task Keyboard_Alone_DoesEverything()
    {
        await using SandboxPage page = await browser.OpenAsync();
        IKeyboard keys = page.Page.Keyboard;

        await keys.PressAsync("Tab");
        await Expect(page.Page.Locator(".skip")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(page.PhoneText).ToBeFocusedAsync();
        await keys.TypeAsync("linha um");
        await keys.PressAsync("Shift+Enter");
        await keys.TypeAsync("linha dois");
        await keys.PressAsync("Enter");
        await Expect(page.Bubbles.First).ToContainTextAsync("linha um\nlinha dois", new() { UseInnerText = true });
        await Expect(page.Answers).ToHaveCountAsync(1);

        await TabToAsync(page.Button("Assumir"));
        await keys.PressAsync("Enter");
        await Expect(page.Reply).ToBeFocusedAsync();
        await keys.TypeAsync("Só com o teclado");
        await keys.PressAsync("Enter");
        await Expect(page.Answers.Last).ToContainTextAsync("Só com o teclado");
        await TabToAsync(page.Button("Devolver"), "Shift+Tab");
        await keys.PressAsync("Space");
        await Expect(page.Status).ToHaveTextAsync("Automação");
        await Expect(page.Button("Assumir")).ToBeFocusedAsync();

        async Task TabToAsync(ILocator target, string key = "Tab")
        {
            for (int i = 0; i < 40; i++)
            {
                await keys.PressAsync(key);
                string? outline = await page.Page.EvaluateAsync<string>(
                    "getComputedStyle(document.activeElement).outlineStyle");
                Assert.NotEqual("none", outline);
                if (await target.EvaluateAsync<bool>("e => e === document.activeElement")) return;
            }

            Assert.Fail("not reached by keyboard");
        }
    }

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(1366, ColorScheme.Dark)]
    public async Task AnyWidth_BothSides_NeverScrollSideways(int width, ColorScheme scheme)
    {
        await using SandboxPage page = await browser.OpenAsync(width, 740, scheme);
        await page.WriteAsCustomerAsync("Uma palavra muito comprida: " + new string('x', 200));
        await Expect(page.Answers).ToHaveCountAsync(1);
        await page.ShotAsync($"{width}-{scheme}-phone");
        Assert.True(await FitsAsync());

        if (width <= 820)
        {
            await page.Button("Atendimento").ClickAsync();
            await page.Rows.First.ClickAsync();
        }

        await Expect(page.Lines("bot")).ToHaveCountAsync(1);
        await page.Button("Assumir").ClickAsync();
        await Expect(page.Reply).ToBeInViewportAsync();
        await page.ShotAsync($"{width}-{scheme}-desk");
        Assert.True(await FitsAsync());

        Task<bool> FitsAsync() => page.Page.EvaluateAsync<bool>(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth");
    }

    [Fact]
    public async Task Stream_CutOff_ComesBackWithWhatHappenedMeanwhile()
    {
        await using SandboxPage page = await browser.OpenAsync();
        await page.WriteAsCustomerAsync("antes");
        await Expect(page.Answers).ToHaveCountAsync(1);

        await page.Page.Context.SetOfflineAsync(true);
        await browser.Host.DropWatchersAsync();
        await Expect(page.Live).ToHaveAttributeAsync("data-state", "off");
        await page.WriteAsCustomerAsync("sem rede");
        await Expect(page.Page.Locator(".bubble.failed")).ToContainTextAsync("sem rede");
        await page.ShotAsync("offline");
        await page.Page.Context.SetOfflineAsync(false);

        await Expect(page.Live).ToHaveAttributeAsync("data-state", "on", new() { Timeout = 30_000 });
        await page.Button("Enviar de novo").ClickAsync();
        await Expect(page.Answers).ToHaveCountAsync(2);
        await Expect(page.Page.Locator(".bubble.failed")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Language_Switched_SpeaksItEverywhereAndStays()
    {
        await using SandboxPage page = await browser.OpenAsync();
        await page.WriteAsCustomerAsync("Oi");
        await Expect(page.Status).ToHaveTextAsync("Automação");

        await page.Page.Locator("#language").SelectOptionAsync("en");

        await Expect(page.Status).ToHaveTextAsync("Bot");
        await Expect(page.Button("Take over")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await page.ShotAsync("english");
        await page.Page.ReloadAsync();
        await Expect(page.Page.Locator("#desk-title")).ToHaveTextAsync("Conversations");
    }

    /// <summary>
    /// One browser and one host for all; each test has a context, customers and conversations of its own.
    /// </summary>
    public sealed class Browser : IAsyncLifetime
    {
        private static readonly string[] Switches =
        [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
        ];

        private IPlaywright _playwright = null!;
        private IBrowser _browser = null!;

        internal IPageHost Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Host = await EnginePageHost.StartAsync();
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium",
                Args = Switches,
            });
        }

        public async Task DisposeAsync()
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
            await Host.DisposeAsync();
        }

        internal async Task<SandboxPage> OpenAsync(
            int width = 1366, int height = 860, ColorScheme scheme = ColorScheme.Light,
            Func<IPage, Task>? prepare = null, string state = "on", Uri? host = null)
        {
            IBrowserContext context = await _browser.NewContextAsync(new()
            {
                Locale = "pt-BR",
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
            });
            return await SandboxPage.OpenAsync(context, host ?? Host.Address, prepare, state);
        }
    }
}
