using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using StackExchange.Redis;
using Vellarys.Functions.Redis;
using Vellarys.Tests.Assistant;
using Xunit;

namespace Vellarys.Tests.Functions.Redis;

public sealed class RedisSignInTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly List<DateTimeOffset> _fetched = [];
    private readonly List<string> _signedIn = [];
    private Func<Exception?> _fetchFault = () => null;
    private Func<Exception?> _nodeFault = () => null;

    [Fact]
    public async Task Keep_LibrariesCancelByThemselves_TriesAgainAfterAPauseEachTime()
    {
        RedisSignIn signIn = new(FetchAsync, _time, NullLogger.Instance);
        await signIn.FetchAsync(default);
        using CancellationTokenSource end = new();
        Task keep = signIn.KeepAsync(Servers(), end.Token);

        _fetchFault = () => new TaskCanceledException();
        await StepAsync(keep, TimeSpan.FromMinutes(50));
        Assert.Equal(2, _fetched.Count);
        Assert.Empty(_signedIn);

        // A token now, but a node that does not take it: the next try does not wait for that token's end.
        (_fetchFault, _nodeFault) = (() => null, () => new OperationCanceledException());
        await StepAsync(keep, Pause);
        Assert.Equal((3, "sound"), (_fetched.Count, string.Join(' ', _signedIn)));
        _nodeFault = () => null;
        await StepAsync(keep, Pause);
        Assert.Equal((4, "sound shaky sound"), (_fetched.Count, string.Join(' ', _signedIn)));

        // All is well: nothing until ten minutes before the end.
        await StepAsync(keep, TimeSpan.FromMinutes(49));
        Assert.Equal(4, _fetched.Count);
        await StepAsync(keep, TimeSpan.FromMinutes(1));
        Assert.Equal(5, _fetched.Count);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keep);
    }

    private async Task StepAsync(Task keep, TimeSpan by)
    {
        await WaitsAsync(keep);
        _time.Advance(by);
        await WaitsAsync(keep);
    }

    // A loop that has ended will never wait again.
    private async Task WaitsAsync(Task keep) => await await Task.WhenAny(_time.PendingAsync(1), keep);

    private ValueTask<RedisToken> FetchAsync(CancellationToken cancellationToken)
    {
        _fetched.Add(_time.GetUtcNow());
        if (_fetchFault() is { } fault) throw fault;
        return ValueTask.FromResult(new RedisToken("me", $"t{_fetched.Count}", _time.GetUtcNow().AddHours(1)));
    }

    private IConnectionMultiplexer Servers()
    {
        Mock<IConnectionMultiplexer> all = new();
        all.Setup(m => m.GetServers()).Returns([Server("shaky", () => _nodeFault()), Server("sound", () => null)]);
        return all.Object;
    }

    private IServer Server(string name, Func<Exception?> fault)
    {
        Mock<IServer> server = new();
        server.Setup(s => s.IsConnected).Returns(true);
        server.Setup(s => s.ExecuteAsync("AUTH", It.IsAny<object[]>())).Returns(() =>
        {
            if (fault() is { } e) return Task.FromException<RedisResult>(e);
            _signedIn.Add(name);
            return Task.FromResult(RedisResult.Create(new RedisValue("OK")));
        });
        return server.Object;
    }
}
