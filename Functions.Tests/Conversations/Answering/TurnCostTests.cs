using Npgsql;
using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Conversations;
using Vellarys.Conversations.Answering;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Conversations.Answering;

/// <summary>What a turn takes from the database: round trips, and no connection while the model is asked.</summary>
public sealed class TurnCostTests
{
    private const string Ana = "5511987650001";
    private const string Bia = "5511987650002";

    [Fact]
    public async Task MessageToCommittedReply_IsThreeRoundTrips()
    {
        await using Pipeline pipeline = await StartAsync();
        using var trips = new RoundTrips(pipeline.Database);
        TestDelivery message = Pipeline.Envelope(pipeline.Message(Ana, "oi"));
        trips.Take();
        await pipeline.HandleAsync(message);
        Assert.Equal(1, trips.Take());

        TestDelivery turn = Assert.Single(await pipeline.TakeAsync(Queues.AiResponse));
        int load = 0;
        pipeline.Assistant.Answer = _ =>
        {
            load = trips.Take();
            return Task.FromResult(ScriptedAssistant.Plain("Tudo bem!"));
        };
        trips.Take();
        await pipeline.HandleAsync(turn);
        Assert.Equal((1, 1), (load, trips.Take()));

        // Recorded, loaded, committed: nothing else was needed for the reply to lie in the queue.
        Assert.Equal("replied", await pipeline.ScalarAsync<string>("select outcome from turns"));
        Assert.Single(await pipeline.TakeAsync(Queues.MessageDelivery));
    }

    [Fact]
    public async Task Load_OfManyTurnsWithHistoryAndPassages_IsOneBatch()
    {
        await using Pipeline pipeline = await StartAsync();
        foreach (string from in (string[])[Ana, Bia])
        {
            for (int n = 1; n <= 3; n++) await pipeline.ReceiveAsync(from, $"vocês entregam aqui? {n}");
        }

        List<TestDelivery> due = await pipeline.TakeAsync(Queues.AiResponse);
        TurnDue[] turns =
        [
            .. due.Select(d => QueueBody.Read(d, BodiesJson.Default.TurnDue, b => b.V)).Where(t => t.Turn == 3),
        ];
        Assert.Equal(2, turns.Length);
        var store = new AnswerTurnStore(pipeline.App, pipeline.Outbox, pipeline.CrashPoints);
        using var trips = new RoundTrips(pipeline.Database);
        IReadOnlyList<LoadedTurn?> loaded = await store.LoadAsync(turns);

        Assert.Equal(1, trips.Take());
        Assert.All(loaded, turn => Assert.NotNull(turn));
        Assert.All(loaded.Zip(turns), pair => Assert.Equal(
            3, pair.First!.ToContext(pair.Second, pipeline.Tenant, lastAttempt: false).History.Count));
    }

    [Fact]
    public async Task HangingModel_HoldsNoConnectionAndEnds()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        await using Pipeline pipeline = await StartAsync();
        using var asked = new SemaphoreSlim(0);
        server.Answer = (_, http) =>
        {
            asked.Release();
            return ModelServer.HangAsync(http);
        };
        var time = new ManualTime();
        AssistantOptions options = Turns.Options(server);
        GuardedAssistant assistant = Turns.Assistant(options, time);
        pipeline.Assistant.Answer = context => assistant.AnswerAsync(context, CancellationToken.None);
        using var pool = new PoolUsage(pipeline.App);
        await pipeline.ReceiveAsync(Ana, "oi");
        await using (NpgsqlConnection one = await pipeline.App.OpenConnectionAsync())
            Assert.Equal(1, pool.CheckedOut());

        Task<int> answered = pipeline.RunAsync(Queues.AiResponse);
        for (int attempt = 1; attempt <= options.Retries + 1; attempt++)
        {
            await asked.WaitAsync();
            Assert.Equal(0, pool.CheckedOut());
            time.Advance(options.AttemptTimeout);
            await Task.WhenAny(answered, time.PendingAsync(1));
            if (attempt <= options.Retries) time.Advance(TimeSpan.FromSeconds(5));
        }

        await answered;
        Assert.Equal(options.Retries + 1, server.Calls);
        Assert.Equal("replied/3", await pipeline.ScalarAsync<string>(
            "select outcome || '/' || model_calls from turns"));
    }

    private static async Task<Pipeline> StartAsync()
    {
        Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, MessagesPerMinute = 0, ShowsTyping = false });
        // Where a channel stands is in memory in the product too.
        pipeline.Directory.Live = null;
        return pipeline;
    }
}
