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
    private RedisProcess _redis = null!;
    private RedisInstance _one = null!;
    private RedisInstance _other = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _one = await RedisInstance.StartAsync(_redis);
        _other = await RedisInstance.StartAsync(_redis);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private protected override ILastSent LastSent => _one.LastSent;

    [Fact]
    public async Task Read_OfTheOther_IsWhatBothSentNewestFirst()
    {
        await SendAsync(_one, 1, 2);
        await SendAsync(_other, 3);

        Assert.Equal(["3", "2", "1"], await SubjectsAsync(_one));
        Assert.Equal(["3", "2", "1"], await SubjectsAsync(_other));
        Assert.Equal([Message(3), Message(2), Message(1)], await _one.LastSent.ReadAsync(Ana, default));
    }

    [Fact]
    public async Task Read_RedisKnowsAnOlderOne_NewerOneOfThisInstanceWins()
    {
        await SendAsync(_one, 1);
        await SendAsync(_one, 2);
        // As if Redis had been away for the second.
        await _redis.RunAsync("LPOP", await KeyAsync());

        Assert.Equal(["2", "1"], await SubjectsAsync(_one));
        await SendAsync(_one, 3);
        Assert.Equal(["3", "1"], await SubjectsAsync(_other));
    }

    [Fact]
    public async Task Read_RedisHasBegunAnew_InstanceStillKnowsItsOwnAndOthersLearnOfTheNext()
    {
        await SendAsync(_one, 1);
        await _redis.RunAsync("FLUSHALL");

        Assert.Equal(["1"], await SubjectsAsync(_one));
        Assert.Empty(await SubjectsAsync(_other));
        await SendAsync(_one, 2);
        Assert.Equal(["2"], await SubjectsAsync(_other));
    }

    [Fact]
    public async Task Add_ByBoth_LeavesAShortListThatEndsByItself()
    {
        const int all = SentMessages.Kept + 14;
        for (int n = 1; n <= all; n++) await SendAsync(n % 2 == 0 ? _one : _other, n);

        Assert.Equal(
            Enumerable.Range(0, SentMessages.Kept).Select(n => $"{all - n}"), await SubjectsAsync(_one));
        Assert.Equal((long)SentMessages.Kept, await _redis.RunAsync("LLEN", await KeyAsync()));
        Assert.InRange(
            (await _redis.KeysAsync()).Single().Left, SentMessages.Window - TimeSpan.FromMinutes(5),
            SentMessages.Window);
    }

    [Fact]
    public async Task Add_MessageId_IsNotReadableInRedisNorIsTheKey()
    {
        await _one.LastSent.AddAsync(Ana, [new SentMessage(Subject, Subject, DateTimeOffset.UnixEpoch)], default);

        string key = await KeyAsync();
        string value = (string)((object?[])(await _redis.RunAsync("LRANGE", key, "0", "-1"))!)[0]!;
        Assert.DoesNotContain(Ana.ToString("N"), key.Replace("-", "", StringComparison.Ordinal), Ordinal);
        Assert.DoesNotContain("wamid", value, Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes("wamid")), value, Ordinal);
        Assert.Equal(Subject, Assert.Single(await _other.LastSent.ReadAsync(Ana, default)).Follows);
    }

    [Fact]
    public async Task Read_WhatIsNoneOfOurs_IsPassedOver()
    {
        await SendAsync(_one, 1);
        string key = await KeyAsync();
        await _redis.RunAsync("LPUSH", key, "short");
        await _redis.RunAsync("LPUSH", key, new string('x', 100));

        Assert.Equal(["1"], await SubjectsAsync(_other));
    }

    private const StringComparison Ordinal = StringComparison.OrdinalIgnoreCase;

    private async Task<string> KeyAsync() => Assert.Single(await _redis.KeysAsync()).Key;

    private static async Task<IEnumerable<string>> SubjectsAsync(RedisInstance instance) =>
        (await instance.LastSent.ReadAsync(Ana, default)).Select(m => m.Subject);

    private static ValueTask SendAsync(RedisInstance instance, params int[] numbers) =>
        instance.LastSent.AddAsync(Ana, [.. numbers.Select(Message)], default);

    private static SentMessage Message(int n) =>
        new($"{n}", n == 1 ? null : $"{n - 1}", DateTimeOffset.UnixEpoch.AddMinutes(n));
}
