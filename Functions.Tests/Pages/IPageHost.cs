namespace Vellarys.Tests.Pages;

/// <summary>
/// What the page is tested against: one tenant with one sandbox channel, and a bot that answers every customer while it
/// is in charge. What it answers is not the page's business, but that it calls a person when asked for a "pessoa".
/// </summary>
internal interface IPageHost : IAsyncDisposable
{
    /// <summary>Where <c>/sandbox</c> is.</summary>
    Uri Address { get; }

    /// <summary>Cuts off everybody who watches, as a restart would.</summary>
    Task DropWatchersAsync();
}
