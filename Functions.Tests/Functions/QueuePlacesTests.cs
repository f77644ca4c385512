using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Vellarys.Functions.Messaging;
using Vellarys.Messaging;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>A queue's own concurrency on a host that has one number for all.</summary>
public sealed class QueuePlacesTests
{
    private const int Messages = 20;

    [Theory]
    [InlineData(3, 5)]
    [InlineData(1, 8)]
    public async Task MaxConcurrency_OfTwoQueues_HoldsForEach(int first, int second)
    {
        Counting learning = new(Queues.LearningTasks, first);
        Counting images = new(Queues.ImageAnalysis, second);
        await using FunctionsWorld world = await FunctionsWorld.OpenAsync(
            also: new Dictionary<string, string?>
            {
                [$"Messaging:Queues:{Queues.LearningTasks}:MaxConcurrency"] = $"{first}",
                [$"Messaging:Queues:{Queues.ImageAnalysis.Replace('-', '_')}:MaxConcurrency"] = $"{second}",
            },
            // In the place of the product's own.
            last: all => all.RemoveAll<IMessageHandler>()
                .AddSingleton<IMessageHandler>(learning).AddSingleton<IMessageHandler>(images));
        IMessageQueue queue = world.Host.Services.GetRequiredService<IMessageQueue>();

        await queue.SendAsync(
            [
                .. new[] { Queues.LearningTasks, Queues.ImageAnalysis }.SelectMany(name => Enumerable.Range(0, Messages)
                    .Select(_ => new QueueMessage(name, Ids.New(TimeProvider.System), """{"v":1}"""))),
            ],
            default);
        await world.UntilAsync(
            "select true", () => learning.Ended >= Messages && images.Ended >= Messages);

        Assert.Equal((first, second), (learning.Most, images.Most));
    }

    [Fact]
    public async Task Place_ThatIsTaken_IsWaitedForAndNotForEver()
    {
        ManualTime time = new();
        MessagingOptions options = Read(("Queues:nps-survey:MaxConcurrency", "1"));
        using QueuePlaces places = new(options, time);
        Assert.True(await places.EnterAsync("nps-survey", default));
        Task<bool> next = places.EnterAsync("nps-survey", default);
        Task<bool> last = places.EnterAsync("nps-survey", default);

        places.Leave("nps-survey");
        Assert.True(await next);
        Assert.False(last.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(20));

        Assert.False(await last);
        places.Leave("nps-survey");
        Assert.True(await places.EnterAsync("nps-survey", default));
    }

    [Fact]
    public async Task Setting_ThatTheBrokerDecides_IsReportedAtTheStart()
    {
        LineLogger<SettingsWithoutEffect> said = new();
        IConfiguration configuration = Configuration(
            ("Default:LockDuration", "00:01:00"), ("Queues:ai-response:MaxPrefetch", "5"),
            ("Queues:ai-response:MaxConcurrency", "5"), ("Queues:nps-survey:MaxAttempts", "5"));

        await new SettingsWithoutEffect(configuration, said).StartAsync(default);

        Assert.Equal(
            ["Messaging:Default:LockDuration", "Messaging:Queues:ai-response:MaxPrefetch"],
            said.Lines.Select(l => l.Line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(said.Lines, line => Assert.Equal(LogLevel.Warning, line.Level));
    }

    private static MessagingOptions Read(params (string Name, string Value)[] settings) =>
        MessagingOptions.Read(Configuration(settings));

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(
            s => KeyValuePair.Create($"Messaging:{s.Name}", (string?)s.Value))).Build();

    /// <summary>Holds its messages until as many are there as may be, and counts those there at once.</summary>
    private sealed class Counting(string queue, int expected) : IMessageHandler
    {
        private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private int _now;

        public int Most { get; private set; }

        public int Ended { get; private set; }

        public string Queue => queue;

        public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                Most = Math.Max(Most, ++_now);
                if (_now >= expected) _full.TrySetResult();
            }

            await _full.Task.WaitAsync(cancellationToken);
            // Others have the time to come in meanwhile, were they let.
            for (int turn = 0; turn < 20; turn++) await Task.Yield();
            lock (_gate)
            {
                _now--;
                Ended++;
            }
        }
    }
}
