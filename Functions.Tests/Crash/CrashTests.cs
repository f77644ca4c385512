using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Vellarys.Tests.Crash;

public sealed class CrashTests(ITestOutputHelper output)
{
    private const string Settings =
        """{"quietMs":0,"messagesPerMinute":0,"unknownSendWaitMs":1500,"showsTyping":false}""";

    /// <summary>1,200, or what <c>CRASH_MESSAGES</c> says: ten thousand for the published figure.</summary>
    private static int Messages => Setting("CRASH_MESSAGES", 1200);

    /// <summary>One, or what <c>CRASH_RUNS</c> says: each with deaths at other times.</summary>
    private static int Runs => Setting("CRASH_RUNS", 1);

    /// <summary>
    /// Instances of the function app at a time: one, or what <c>CRASH_INSTANCES</c> says, each killed on its own.
    /// </summary>
    private static int Instances => Setting("CRASH_INSTANCES", 1);

    /// <summary>What decides when the host dies, in the first run.</summary>
    private static int Seed => Setting("CRASH_SEED", 20261121);

    /// <summary>
    /// The books balance after a thousand messages and a kill around each commit and each outside call.
    /// </summary>
    [Fact]
    public Task KilledAroundEveryCommitAndCall_TheBooksBalance() => BalancesAsync(Messages);

    /// <summary>The same where the provider reports what it accepted, as real ones do.</summary>
    [Fact]
    public Task KilledWhereTheProviderReports_TheBooksBalance() => BalancesAsync(Messages / 3, reports: true);

    /// <summary>
    /// The same where nobody releases what a dead process held: it must run out, and nothing may overtake it meanwhile.
    /// </summary>
    [Fact]
    public Task KilledBeforeOthersKnowOfTheProcess_TheBooksBalance() =>
        BalancesAsync(Messages / 6, unknown: true);

    /// <summary>The same for the function app, over AMQP, with Redis and its flows on Durable: Azure's path.</summary>
    [Fact]
    public Task FunctionsKilledAroundEveryCommitAndCall_TheBooksBalance() =>
        BalancesAsync(Setting("CRASH_MESSAGES", 1000), onFunctions: true);

    private async Task BalancesAsync(
        int messages, bool reports = false, bool unknown = false, bool onFunctions = false)
    {
        var unbalanced = new List<Books>();
        for (int run = 0; run < Runs; run++)
        {
            Books books = await RunAsync(messages, new Random(Seed + run), reports, unknown, onFunctions);
            if (!books.Balance) unbalanced.Add(books);
        }

        Assert.Empty(unbalanced);
    }

    private async Task<Books> RunAsync(int messages, Random random, bool reports, bool unknown, bool onFunctions)
    {
        const int each = 20;
        int customers = messages / each;
        int written = 0;
        await using CrashRun run = await CrashRun.StartAsync(
            Settings, reports, unknown, onFunctions, onFunctions ? Instances : 1);
        Task writing = Task.WhenAll(Enumerable.Range(0, customers).Select(async c =>
        {
            // Longer than asked for where the points have not all been reached by then.
            for (int n = 1; n <= each || run.Kills < CrashRun.Points.Count; n++)
            {
                await WriteAsync(run, c, n);
                Interlocked.Increment(ref written);
            }
        }));
        await run.KillUntilAsync(writing, random);
        await run.ComeToRestAsync();

        Books books = await Books.ReadAsync(run, written);
        output.WriteLine($"{written} messages, {run.Kills} kills: {books}");
        if (books.Disordered > 0) output.WriteLine(await Disorder.DescribeAsync(run));
        Assert.InRange(run.Kills, CrashRun.Points.Count, int.MaxValue);
        return books;
    }

    /// <summary>
    /// Ten fragments in five seconds, the host killed after the fifth: one reply, which uses all ten.
    /// </summary>
    [Fact]
    public async Task TenFragmentsWithACrashInTheMiddle_AreAnsweredOnceWithAllTen()
    {
        // However long a loaded machine takes to start the host again, the burst is not over.
        await using CrashRun run = await CrashRun.StartAsync(
            """{"showsTyping":false,"quietMs":8000,"burstCapMs":60000}""");
        HostProcess host = run.StartHost();
        await host.ReadyAsync();
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        for (int n = 1; n <= 10; n++)
        {
            await run.Customers.WriteAsync("5511987650001", $"wamid.fragment.{n}", $"fragmento {n} [ref:{n}]");
            if (n == 5)
            {
                await host.DisposeAsync();
                host = run.StartHost();
            }

            await clock.WaitForNextTickAsync();
        }

        await host.DisposeAsync();
        await run.ComeToRestAsync();
        ProviderSend reply = Assert.Single(run.World.Sends);
        Assert.Contains("[ref:10]", reply.Text, StringComparison.Ordinal);
        string asked = run.World.Questions.Last();
        Assert.All(Enumerable.Range(1, 10), n => Assert.Contains($"fragmento {n} ", asked, StringComparison.Ordinal));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int set)
            ? set
            : otherwise;

    /// <summary>Each message is posted once the one before it was accepted, at an uneven pace.</summary>
    private static async Task WriteAsync(CrashRun run, int customer, int n)
    {
        await run.Customers.WriteAsync(
            $"5511900{customer:000000}", $"wamid.{customer}.{n}", $"mensagem {n} de {customer} [ref:{n}]");
        await Task.Delay(TimeSpan.FromMilliseconds((customer * 7919 + n * 104729) % 1500), TimeProvider.System);
    }
}
