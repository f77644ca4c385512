using System.Text;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Messaging.Broker;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions.Redis;

/// <summary>What instances know of each other's messages, whatever becomes of the Redis between them.</summary>
public sealed class RedisLastSentTests : LastSentContractTests, IAsyncLifetime
{
    private const string Subject = "wamid.HBgNNTUxMTk4NzY1MDAwMRUCABIYFDNB";
    private static readonly Guid Ana = Ids.New(TimeProvider.System);
    private RedisPair _pair = null!;

    public async Task InitializeAsync() => _pair = await RedisPair.StartAsync();

    public async Task DisposeAsync() => await _pair.DisposeAsync();

    private protected override ILastSent LastSent => _pair.One.LastSent;

    [Fact]
    public async Task Read_OfTheOther_IsWhatBothSentNewestFirst()
    {
        await SendAsync(_pair.One, 1, 2);
        await SendAsync(_pair.Other, 3);

        Assert.Equal(["3", "2", "1"], await SubjectsAsync(_pair.One));
        Assert.Equal(["3", "2", "1"], await SubjectsAsync(_pair.Other));
        Assert.Equal([Message(3), Message(2), Message(1)], await _pair.One.LastSent.ReadAsync(Ana, default));
    }

    [Fact]
    public async Task Read_RedisKnowsAnOlderOne_NewerOneOfThisInstanceWins()
    {
        await SendAsync(_pair.One, 1);
        await SendAsync(_pair.One, 2);
        // As if Redis had been away for the second.
        await _pair.Redis.RunAsync("LPOP", await KeyAsync());

        Assert.Equal(["2", "1"], await SubjectsAsync(_pair.One));
        await SendAsync(_pair.One, 3);
        Assert.Equal(["3", "1"], await SubjectsAsync(_pair.Other));
    }

    [Fact]
    public async Task Read_RedisHasBegunAnew_InstanceStillKnowsItsOwnAndOthersLearnOfTheNext()
    {
        await SendAsync(_pair.One, 1);
        await _pair.Redis.RunAsync("FLUSHALL");

        Assert.Equal(["1"], await SubjectsAsync(_pair.One));
        Assert.Empty(await SubjectsAsync(_pair.Other));
        await SendAsync(_pair.One, 2);
        Assert.Equal(["2"], await SubjectsAsync(_pair.Other));
    }

    [Fact]
    public async Task Add_ByBoth_LeavesAShortListThatEndsByItself()
    {
        const int all = SentMessages.Kept + 14;
        for (int n = 1; n <= all; n++) await SendAsync(n % 2 == 0 ? _pair.One : _pair.Other, n);

        Assert.Equal(
            Enumerable.Range(0, SentMessages.Kept).Select(n => $"{all - n}"), await SubjectsAsync(_pair.One));
        Assert.Equal((long)SentMessages.Kept, await _pair.Redis.RunAsync("LLEN", await KeyAsync()));
        Assert.InRange(
            (await _pair.Redis.KeysAsync()).Single().Left, SentMessages.Window - TimeSpan.FromMinutes(5),
            SentMessages.Window);
    }

    [Fact]
    public async Task Add_MessageId_IsNotReadableInRedisNorIsTheKey()
    {
        await _pair.One.LastSent.AddAsync(Ana, [new SentMessage(Subject, Subject, DateTimeOffset.UnixEpoch)], default);

        string key = await KeyAsync();
        string value = (string)((object?[])(await _pair.Redis.RunAsync("LRANGE", key, "0", "-1"))!)[0]!;
        Assert.DoesNotContain(Ana.ToString("N"), key.Replace("-", "", StringComparison.Ordinal), Ordinal);
        Assert.DoesNotContain("wamid", value, Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes("wamid")), value, Ordinal);
        Assert.Equal(Subject, Assert.Single(await _pair.Other.LastSent.ReadAsync(Ana, default)).Follows);
    }

    [Fact]
    public async Task Read_WhatIsNoneOfOurs_IsPassedOver()
    {
        await SendAsync(_pair.One, 1);
        string key = await KeyAsync();
        await _pair.Redis.RunAsync("LPUSH", key, "short");
        await _pair.Redis.RunAsync("LPUSH", key, new string('x', 100));

        Assert.Equal(["1"], await SubjectsAsync(_pair.Other));
    }

    private const StringComparison Ordinal = StringComparison.OrdinalIgnoreCase;

    private async Task<string> KeyAsync() => Assert.Single(await _pair.Redis.KeysAsync()).Key;

    private static async Task<IEnumerable<string>> SubjectsAsync(RedisInstance instance) =>
        (await instance.LastSent.ReadAsync(Ana, default)).Select(m => m.Subject);

    private static ValueTask SendAsync(RedisInstance instance, params int[] numbers) =>
        instance.LastSent.AddAsync(Ana, [.. numbers.Select(Message)], default);

    private static SentMessage Message(int n) =>
        new($"{n}", n == 1 ? null : $"{n - 1}", DateTimeOffset.UnixEpoch.AddMinutes(n));
}
