using System.Security.Cryptography;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Vellarys.Tests.Pages;

/// <summary>The page by the names that its users know. Fails on disposal if the page reported an error.</summary>
internal sealed class SandboxPage : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    private SandboxPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            // A request that failed or was refused on purpose shows in the console too; a policy or script error must
            // not.
            if (message.Type == "error" && !message.Text.Contains("net::ERR", StringComparison.Ordinal)
                && !message.Text.Contains("a status of 409", StringComparison.Ordinal)
                && !message.Location.Contains("/api/v1/events", StringComparison.Ordinal))
            {
                _errors.Add($"{message.Text} ({message.Location})");
            }
        };
    }

    public IPage Page { get; }

    public ILocator Chat => Page.Locator("#chat");

    public ILocator PhoneText => Page.Locator("#phone-text");

    public ILocator Bubbles => Page.Locator("#chat .bubble:not(.typing)");

    /// <summary>What the company's side wrote, on the phone.</summary>
    public ILocator Answers => Page.Locator("#chat .bubble:not(.mine):not(.typing)");

    public ILocator People => Page.Locator("#people button");

    public ILocator Rows => Page.Locator("#list button");

    /// <summary>Who waits for a person.</summary>
    public ILocator Queue => Page.Locator("#queue");

    public ILocator Waiters => Page.Locator("#queue-list button");

    public ILocator Status => Page.Locator("#open-status");

    public ILocator OpenName => Page.Locator("#open-name");

    public ILocator Reply => Page.Locator("#desk-text");

    public ILocator Live => Page.Locator("#live");

    /// <param name="prepare">Before anything is loaded.</param>
    /// <param name="state">How the connection ends up.</param>
    public static async Task<SandboxPage> OpenAsync(
        IBrowserContext context, Uri host, Func<IPage, Task>? prepare = null, string state = "on")
    {
        var page = new SandboxPage(await context.NewPageAsync());
        if (prepare is not null) await prepare(page.Page);
        await page.Page.GotoAsync(new Uri(host, "/sandbox").ToString());
        await Expect(page.Live).ToHaveAttributeAsync("data-state", state);
        return page;
    }

    public ILocator Lines(string role) => Page.Locator($"#log .line[data-role={role}]");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public async Task WriteAsCustomerAsync(string text)
    {
        await PhoneText.FillAsync(text);
        await PhoneText.PressAsync("Enter");
    }

    public async Task AddCustomerAsync(string name, string number)
    {
        await Button("Novo cliente").ClickAsync();
        await Page.GetByLabel("Nome").FillAsync(name);
        await Page.GetByLabel("Número").FillAsync(number);
        await ShotAsync("new-customer");
        await Page.Keyboard.PressAsync("Enter");
    }

    public string NewNumber() => $"55119{RandomNumberGenerator.GetInt32(10_000_000, 99_999_999)}";

    /// <summary>Kept when <c>PAGE_SHOTS</c> names a folder.</summary>
    public async Task ShotAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PAGE_SHOTS") is not { Length: > 0 } folder) return;
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        Assert.Empty(_errors);
    }
}
