using System.Globalization;
using Vellarys.Limits;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Limits;

/// <summary>The script of Redis' limits, as an instance of its own would call it.</summary>
/// <param name="time">Null: the server's clock.</param>
internal sealed class ScriptLimits(RespClient redis, TimeProvider? time) : ILimits
{
    private static readonly string Script = Read();

    public async ValueTask<LimitVerdict> TakeAsync(
        IReadOnlyList<LimitTake> takes, TimeSpan patience, CancellationToken cancellationToken)
    {
        object?[] answer = await RunAsync("take", patience, takes, t => t.Increment);
        int which = (int)(long)answer[2]!;
        return new LimitVerdict(
            answer[0] is 1L, TimeSpan.FromMicroseconds((long)answer[1]!),
            which == 0 ? null : takes[which - 1].Rule.Name);
    }

    public async ValueTask ChargeAsync(IReadOnlyList<LimitTake> takes, CancellationToken cancellationToken) =>
        await RunAsync("charge", TimeSpan.Zero, takes, t => t.Increment);

    public async ValueTask BlockAsync(
        LimitRule rule, string subject, TimeSpan pause, CancellationToken cancellationToken) =>
        await RunAsync("block", TimeSpan.Zero, [new LimitTake(rule, subject)], _ => (long)pause.TotalMicroseconds);

    private async Task<object?[]> RunAsync(
        string mode, TimeSpan patience, IReadOnlyList<LimitTake> takes, Func<LimitTake, long> increment)
    {
        // Since 1970, as Redis counts: Lua's numbers are exact up to 2^53.
        string now = time is null
            ? ""
            : Text((time.GetTimestamp() - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        string[] words =
        [
            "EVAL", Script, Text(takes.Count), .. takes.Select(t => t.Key), mode, now,
            Text((long)patience.TotalMicroseconds), .. takes.SelectMany<LimitTake, string>(
                t => [Text(increment(t)), Text(t.Tolerance), Text(t.Furthest)]),
        ];
        return (object?[])(await redis.CallAsync(words))!;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Read()
    {
        using Stream stream = typeof(ScriptLimits).Assembly.GetManifestResourceStream("take.lua")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
